"""What a calibration says to its readers, in English and Finnish."""

from __future__ import annotations

from typing import Final

from simflow.labels import Lang

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "table": ("Simulating the prior", "Simuloidaan ennakkojakaumaa"),
    "table again": ("Simulating a second round", "Simuloidaan toista kierrosta"),
    "predict": ("Running the posterior", "Ajetaan sovitettua jakaumaa"),
    "predict again": ("Running the new posterior", "Ajetaan uutta sovitettua jakaumaa"),
    "forecast": ("Forecasting", "Ennustetaan"),
    "diagnose": ("Checking", "Tarkistetaan"),
    "target": ("Published figure", "Julkaistu luku"),
    "published": ("Published", "Julkaistu"),
    "prior": ("Prior", "Ennakko"),
    "posterior": ("Posterior", "Sovitettu"),
    "z": ("z", "z"),
    "fits": ("Fits", "Sopii"),
    "yes": ("yes", "kyllä"),
    "no": ("NO", "EI"),
    "with_reason": ("reason given", "syy annettu"),
    "unknown": ("Not known", "Ei tiedossa"),
    "unit": ("Unit", "Yksikkö"),
    "learnt": ("Learnt", "Opittu"),
    "driven": ("prior-driven", "ennakon varassa"),
    "targets": ("Published figures", "Julkaistut luvut"),
    "unknowns": ("What is not known", "Mitä ei tiedetä"),
    "held_out": ("Predicted without having been seen", "Ennustettu näkemättä"),
    "left_out": ("Each figure predicted from the others", "Kukin luku muista ennustettuna"),
    "tied": ("Tied together by the figures", "Luvut sitovat toisiinsa"),
    "taught": (
        "What the figures taught, and what they did not",
        "Mitä luvut opettivat ja mitä eivät",
    ),
    "unseen": (
        "Figures predicted without having been seen",
        "Näkemättä ennustetut luvut",
    ),
    "forecasts": ("Forecasts with the posterior", "Ennusteet sovitetulla jakaumalla"),
    "forecast_figure": ("Figure", "Luku"),
    "planned": ("Planned", "Suunniteltu"),
    "foreseen": ("Forecast", "Ennuste"),
    "chance": ("Probability of reaching it", "Toteutumisen todennäköisyys"),
    "not_known": ("Not known, of variance", "Ei tiedetä, osuus varianssista"),
    "at_least": ("at least {0}", "vähintään {0}"),
    "at_most": ("at most {0}", "enintään {0}"),
    "forecast_note": (
        "The plan is a target, not an outcome: what the year really brought is not known here. "
        "Each of {0} runs takes a draw of the posterior under the rules of the scenario, so the "
        "intervals and probabilities hold both what is not known and chance; effects that the "
        "scenario only assumes are taken as given.",
        "Suunnitelma on tavoite, ei toteuma: mitä vuosi todella toi, ei tässä tiedetä. Kussakin "
        "{0} toistossa on yksi sovitetun jakauman arvonta skenaarion säännöin, joten väleissä ja "
        "todennäköisyyksissä ovat mukana sekä tietämättömyys että sattuma; skenaarion omat "
        "oletukset on otettu annettuina.",
    ),
    "forecast_coverage": (
        "Forecast from the figures of simulated years, {0} of the outcomes of the forecast "
        "scenarios lie in their 90 % interval.",
        "Kun ennustettiin simuloitujen vuosien luvuista, {0} ennusteskenaarioiden tuloksista oli "
        "90 %:n välillään.",
    ),
    "beliefs": (
        "Beliefs held before the figures were seen",
        "Käsitykset ennen lukujen näkemistä",
    ),
    "subtitle": ("Fitted with {0} simulated years", "Sovitettu {0} simuloidun vuoden avulla"),
    "none": ("There was only one figure to fit.", "Sovitettavia lukuja oli vain yksi."),
    "number": ("Number", "Suure"),
    "path": ("In the scenario", "Skenaariossa"),
    "why": ("Why", "Miksi"),
    "source": ("Source", "Lähde"),
    "legend": (
        "Median and 90 % interval; z = (median − published) / √published. Learnt: part of the "
        "prior's spread that the figures took away; below 10 % the prior decides.",
        "Mediaani ja 90 %:n väli; z = (mediaani − julkaistu) / √julkaistu. Opittu: osuus ennakon "
        "hajonnasta, jonka luvut poistivat; alle 10 %:ssa ennakko ratkaisee.",
    ),
    "quick": (
        "A quick calibration with {0} runs: for trying out, not for decisions (the full one has "
        "{1}).",
        "Pikasovitus, {0} toistoa: kokeiluun, ei päätöksiin (täydessä {1}).",
    ),
    "rejected": (
        "{0} of {1} draws from the priors made no valid scenario and were left out; so were {2} of "
        "the posterior's.",
        "{0} ennakon {1} arvonnasta ei ollut kelvollinen skenaario, ja ne jätettiin pois; samoin "
        "{2} sovitetun jakauman arvonnoista.",
    ),
    "fit": (
        "{0} of {1} figures lie in their 90 % interval; root mean square of z {2} for the medians, "
        "{3} for single runs; the figures among those of the prior: p = {4}.",
        "{0}/{1} lukua on 90 %:n välillään; z:n neliöllinen keskiarvo {2} mediaaneille, {3} "
        "yksittäisille toistoille; luvut ennakon lukujen joukossa: p = {4}.",
    ),
    "left": (
        "Predicted from the others, {0} of {1} figures lie in their interval.",
        "Muista ennustettuna {0}/{1} lukua on välillään.",
    ),
    "coverage": (
        "Fitted to {0} simulated years with known answers, the 90 % intervals hold {1} of the "
        "answers and the 50 % intervals {2}.",
        "Kun sovitettiin {0} simuloituun vuoteen, joiden vastaukset tiedetään, 90 %:n välit "
        "sisälsivät {1} vastauksista ja 50 %:n välit {2}.",
    ),
    "unseen_coverage": (
        "Predicted as the held-out figures are, {0} of the figures of those years lie in their "
        "90 % interval.",
        "Kun noiden vuosien lukuja ennustettiin kuten sivuun jätettyjä, {0} oli 90 %:n välillään.",
    ),
    "untaught": (
        "Yearly counts cannot teach everything, lengths of stays least of all. Here the prior "
        "decides (less than 10 % learnt): {0}.",
        "Vuosittaiset lukumäärät eivät opeta kaikkea, vähiten jaksojen kestoja. Näissä ennakko "
        "ratkaisee (opittu alle 10 %): {0}.",
    ),
    "error": (
        "With hardly any error of observation the unknowns' spread would be {0} of what it is, "
        "with twice the error {1}; no median would move by more than {2} of its standard "
        "deviation.",
        "Lähes ilman havaintovirhettä suureiden hajonta olisi {0} nykyisestä ja kaksinkertaisella "
        "virheellä {1}; mikään mediaani ei siirtyisi yli {2}:ta keskihajonnastaan.",
    ),
    "second": (
        "The first posterior did not predict the figures well, so a second round was simulated "
        "inside it.",
        "Ensimmäinen sovitus ei ennustanut lukuja hyvin, joten sen sisällä simuloitiin toinen "
        "kierros.",
    ),
    "both": (
        "{0} and {1} (r = {2}): the figures fit as well with more of both, or less of both.",
        "{0} ja {1} (r = {2}): luvut sopivat yhtä hyvin, kun molempia on enemmän tai vähemmän.",
    ),
    "either": (
        "{0} and {1} (r = {2}): the figures fit as well with more of the one and less of the "
        "other.",
        "{0} ja {1} (r = {2}): luvut sopivat yhtä hyvin, kun toista on enemmän ja toista vähemmän.",
    ),
    "single": (
        "The best single fit (best_single_fit.csv, averaged over seeds) is one point of many as "
        "good, and not the answer.",
        "Paras yksittäinen sovitus (best_single_fit.csv, keskiarvo siemenluvuista) on yksi piste "
        "monen yhtä hyvän joukossa, ei vastaus.",
    ),
}


def say(key: str, lang: Lang, *parts: str) -> str:
    """A word or sentence, with its parts filled in."""
    return _WORDS[key][lang == "fi"].format(*parts)
