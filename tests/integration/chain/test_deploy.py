import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chain import calls, wiring
from chain.address_book import AddressBook
from chain.bindings import access_manager, cash, parties, rulebook
from chain.bindings.codes import AdminRoles, Rights, Rules
from chain.calls import Call
from chain.client import LedgerClient
from chain.compile import compile_contracts
from chain.deploy import DeploymentTerms, create_address, deploy
from chain.devnode import DevNode, DevNodeSettings
from chain.errors import ContractReverted, DeploymentError
from chain.roles import ROLE_TERMS, GovernanceAccounts
from chain.signers import LocalSigner
from chain.text import address_bytes, party_address, word_bytes
from chain.translate import Translator
from domain import events
from domain.ids import Digest
from domain.rules import BEGINNING, CN, PLAIN, DatedValue, LedgerParameter
from tests.support.chain import DAY_S, DeployedLedger, fresh_ledger, random_word

pytestmark = pytest.mark.asyncio(loop_scope="session")

CNY = 156


def accounts(**chosen: str) -> GovernanceAccounts:
    drawn = {field.name: LocalSigner.generate().address for field in dataclasses.fields(GovernanceAccounts)}
    return GovernanceAccounts(**(drawn | chosen))


async def test_a_deployment_is_complete_and_takes_a_moment() -> None:
    compile_contracts()
    async with DevNode() as node:
        deployer = LocalSigner.generate()
        done = await deploy(node.url, deployer, DeploymentTerms(accounts()), reach_time=node.set_time)
        assert done.send_ms + done.check_ms < 3000  # 0.12 s on an idle machine
        assert done.book.deployed_block == 1
        assert done.book.contracts.keys() == set(wiring.CONSTRUCTORS)
        assert len(done.book.cash) == 9
        assert done.book.address("AccessManager") == create_address(deployer.address, 0)
        async with await LedgerClient.connect(node.url, done.book) as client:
            head = await client.head()
            data = rulebook.encode_terms_at(CNY, head.timestamp)
            terms = rulebook.decode_terms_at(
                await client.call(Call(done.book.address("Rulebook"), data), head.number)
            )
    assert terms == rulebook.Terms(366, 20, 10_000, 100, 500, 30, 86_400)


async def test_the_ledger_is_told_the_rules_that_the_api_asks_and_those_known_to_come() -> None:
    begins, changes = datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 6, 15, tzinfo=UTC)
    async with DevNode(DevNodeSettings(timestamp=int(begins.timestamp()))) as node:
        deployer = LocalSigner.generate()
        done = await deploy(node.url, deployer, DeploymentTerms(accounts()), reach_time=node.set_time)
        target = done.book.address("Rulebook")
        async with await LedgerClient.connect(node.url, done.book) as client:
            for when in (changes - timedelta(seconds=1), changes):
                for parameter, value in CN.ledger_values(when.date()).items():
                    data = rulebook.encode_value_at(parameter, CNY, int(when.timestamp()))
                    answer = await client.call(Call(target, data), "latest")
                    assert rulebook.decode_value_at(answer) == value, parameter.name


async def test_the_deployer_holds_no_role_afterwards() -> None:
    async with DevNode() as node:
        deployer = LocalSigner.generate()
        done = await deploy(node.url, deployer, DeploymentTerms(accounts()), reach_time=node.set_time)
        async with await LedgerClient.connect(node.url, done.book) as client:
            for role in (terms.role for terms in ROLE_TERMS.values()):
                data = access_manager.encode_has_role(role, address_bytes(deployer.address))
                answer = await client.call(Call(done.book.address("AccessManager"), data), "latest")
                assert access_manager.decode_has_role(answer) == (False, 0)
            mint = calls.mint(
                done.book,
                CNY,
                party_address(1, done.book.address("Parties"), random_word()),
                1,
                random_word(),
            )
            with pytest.raises(ContractReverted, match="AccessManagedUnauthorized"):
                await client.simulate(mint, deployer.address)


async def test_the_deployer_may_not_be_given_a_role() -> None:
    deployer = LocalSigner.generate()
    async with DevNode() as node:
        with pytest.raises(DeploymentError, match="no role"):
            await deploy(node.url, deployer, DeploymentTerms(accounts(registrar=deployer.address)))


async def test_two_deployments_on_one_chain_are_apart(deployed: DeployedLedger) -> None:
    second = await deploy(
        deployed.node.url,
        LocalSigner.generate(),
        DeploymentTerms(accounts()),
        reach_time=deployed.node.set_time,
    )
    assert not set(second.book.addresses()) & set(deployed.book.addresses())
    assert second.book.genesis_hash == deployed.book.genesis_hash
    assert second.book.deployed_block > deployed.book.deployed_block


async def test_a_contract_that_fails_to_deploy_is_named(deployed: DeployedLedger) -> None:
    terms = DeploymentTerms(accounts())
    too_long = DatedValue(10**6, BEGINNING, "more than the Rulebook takes")
    bad = replace(terms, rules=PLAIN.amended(LedgerParameter.MAX_TERM_DAYS, too_long))
    with pytest.raises(DeploymentError, match="rule 1 failed"):
        await deploy(deployed.node.url, LocalSigner.generate(), bad)


async def test_a_role_with_a_delay_announces_waits_and_acts() -> None:
    async with fresh_ledger() as ledger:
        governor = ledger.governance["governance"]
        now = await ledger.now()
        effective = now + 3 * DAY_S
        rule = calls.schedule_rule(ledger.book, Rules.MAX_DEPTH, 0, 5, effective)
        announce, carry_out = calls.delayed(ledger.book, rule)
        assert (await ledger.refusal(announce)).name == "AccessManagerUnauthorizedCall"
        await ledger.send(announce, governor)
        assert (await ledger.refusal(carry_out, governor)).name == "AccessManagerNotReady"
        await ledger.node.set_time(now + DAY_S + 60)
        start = await ledger.client.block_number()
        await ledger.send(carry_out, governor)
        found = await ledger.client.logs(start + 1, await ledger.client.block_number())
        translator = Translator(ledger.book)
        assert events.RuleScheduled(Rules.MAX_DEPTH, 0, 5, effective) in [
            translator.translate(log) for log in found.logs
        ]


async def test_the_guardian_stops_at_once_and_the_unpauser_only_after_an_hour() -> None:
    async with fresh_ledger() as ledger:
        target = ledger.book.address("Ledger")
        await ledger.send(calls.pause(target, Rights.PAY), ledger.governance["guardian"])
        refusal = await ledger.refusal(calls.pause(target, Rights.CLAIM), ledger.governance["guardian"])
        assert refusal.name == "RightsNotPausable"
        unpauser = ledger.governance["unpauser"]
        announce, carry_out = calls.delayed(ledger.book, calls.unpause(target, Rights.PAY))
        await ledger.send(announce, unpauser)
        assert (await ledger.refusal(carry_out, unpauser)).name == "AccessManagerNotReady"
        await ledger.node.set_time(await ledger.now() + 3601)
        await ledger.send(carry_out, unpauser)


async def test_a_court_order_can_be_cancelled_by_the_guardian(deployed: DeployedLedger) -> None:
    manager = deployed.book.address("AccessManager")
    answer = await deployed.client.call(
        Call(manager, access_manager.encode_get_role_guardian(AdminRoles.COURT)), "latest"
    )
    assert access_manager.decode_get_role_guardian(answer) == AdminRoles.GUARDIAN


async def test_cash_is_named_after_its_currency(deployed: DeployedLedger) -> None:
    target = deployed.book.cash_address(CNY)
    symbol = await deployed.client.call(Call(target, cash.encode_symbol()), "latest")
    decimals = await deployed.client.call(Call(target, cash.encode_decimals()), "latest")
    assert (cash.decode_symbol(symbol), cash.decode_decimals(decimals)) == ("dCNY", 2)


async def test_a_partys_address_is_known_before_it_is_admitted(deployed: DeployedLedger) -> None:
    legal = Digest("0x" + "5a" * 32)
    target = deployed.book.address("Parties")
    answer = await deployed.client.call(
        Call(target, parties.encode_party_address(word_bytes(legal))), "latest"
    )
    expected = party_address(deployed.book.chain_id, target, legal)
    assert parties.decode_party_address(answer) == address_bytes(expected)


async def test_the_book_survives_the_disk(deployed: DeployedLedger, tmp_path: Path) -> None:
    path = tmp_path / "book.json"
    deployed.book.write(path)
    async with await LedgerClient.connect(deployed.node.url, AddressBook.read(path)) as client:
        assert client.book == deployed.book
