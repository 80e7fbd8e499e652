"""Charts of the brief: the picture of page one, and three small ones of page two.

Each module has ``draw(view, lang, narrow=False)``, which gives a `Chart` or None; ``narrow`` draws
it for a telephone.
"""
