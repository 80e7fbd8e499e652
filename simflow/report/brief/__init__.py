"""The brief: two pages that a steering group reads; everything else is the annex."""
