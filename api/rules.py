"""Breaches of the network's rule set as one problem that lists them all."""

from collections.abc import Sequence

from api.http.problems import define
from domain.gates import RuleBreach

RULES_BREACHED = define("rules-breached", 422, "A rule of the network refuses this", "违反网络业务规则")


def refuse_breaches(breaches: Sequence[RuleBreach]) -> None:
    """Raise `rules-breached` if there are any; each names its rule, the field, and the source of the rule."""
    if not breaches:
        return
    listed = [
        {
            "rule": breach.rule,
            "place": breach.place,
            "message": breach.message_en,
            "message_zh": breach.message_zh,
            "source": breach.source,
        }
        for breach in breaches
    ]
    raise RULES_BREACHED(breaches[0].message_en, breaches=listed)
