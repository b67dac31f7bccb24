"""Governance: rights of modules, pauses, dated rules and administrative roles.

`AccessManager` is OpenZeppelin's, so its events have no domain type and come as their bindings. Those in
`ROLE_EVENTS` say who may do what; those about delays, labels or pending operations stay facts.
"""

from typing import Any, Final

from chain.abi import Event
from chain.bindings import access_manager
from chain.text import checksum, word_text
from domain.events import PauseChanged, RightsChanged, RuleScheduled
from indexer.changes import Changes, Fact
from indexer.models import FunctionRole, ModuleRight, PauseState, RoleGrant, Rule


def rights_changed(event: RightsChanged, fact: Fact, changes: Changes) -> None:
    """What a module may do in the contract that says so."""
    changes.put(fact, ModuleRight, contract=fact.contract, module=event.module, rights=event.rights)


def pause_changed(event: PauseChanged, fact: Fact, changes: Changes) -> None:
    """Which rights are paused in the contract that says so."""
    changes.put(fact, PauseState, contract=fact.contract, paused=event.paused)


def rule_scheduled(event: RuleScheduled, fact: Fact, changes: Changes) -> None:
    """A parameter's value from a day on."""
    changes.insert(
        fact,
        Rule,
        param=event.param,
        currency=event.currency,
        effective_s=event.effective,
        value=event.value,
    )


def role_granted(event: access_manager.RoleGranted, fact: Fact, changes: Changes) -> None:
    """A new member, or another delay for an old one; only for a new member is `since` the membership's."""
    key = {"role": event.role_id, "account": checksum(event.account)}
    if event.new_member:
        changes.put(fact, RoleGrant, **key, since_s=event.since, delay_seconds=event.delay)
    else:
        changes.update(fact, RoleGrant, key, delay_seconds=event.delay)


def role_revoked(event: access_manager.RoleRevoked, fact: Fact, changes: Changes) -> None:
    """No member any more."""
    key = {"role": event.role_id, "account": checksum(event.account)}
    changes.put(fact, RoleGrant, **key, since_s=0, delay_seconds=0)


def function_role_updated(
    event: access_manager.TargetFunctionRoleUpdated, fact: Fact, changes: Changes
) -> None:
    """Which role may call a function."""
    changes.put(
        fact,
        FunctionRole,
        target=checksum(event.target),
        selector=word_text(event.selector),
        role=event.role_id,
    )


ROLE_EVENTS: Final[dict[str, type[Event]]] = {
    word_text(kind.TOPIC0): kind
    for kind in (
        access_manager.RoleGranted,
        access_manager.RoleRevoked,
        access_manager.TargetFunctionRoleUpdated,
    )
}
"""The administrative events that have a projection, by topic."""

HANDLERS: Final[dict[type[Any], Any]] = {
    RightsChanged: rights_changed,
    PauseChanged: pause_changed,
    RuleScheduled: rule_scheduled,
    access_manager.RoleGranted: role_granted,
    access_manager.RoleRevoked: role_revoked,
    access_manager.TargetFunctionRoleUpdated: function_role_updated,
}
