// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICash} from "../src/interfaces/ICash.sol";
import {IInvoices} from "../src/interfaces/IInvoices.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {ISettlement} from "../src/interfaces/ISettlement.sol";
import {ITransfers} from "../src/interfaces/ITransfers.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {World} from "./support/World.sol";

/// @title EIP-712 digests against golden values
/// @dev Computed with eth-account's `encode_typed_data` from the type strings of the design, on chain 31337 at address
/// 0xC0DE: a wallet that knows only the published types signs what the contracts check.
contract DigestsTest is World {
    address private constant HERE = address(0xC0DE);
    uint40 private constant DEADLINE = 1_767_700_000;
    address private constant ONE = address(1);
    address private constant TWO = address(2);

    function test_hashIssue() public {
        IInvoices.InvoiceUse[] memory uses = new IInvoices.InvoiceUse[](2);
        uses[0] = IInvoices.InvoiceUse(keccak256("one"), 100, 100, 1_767_571_200);
        uses[1] = IInvoices.InvoiceUse(keccak256("two"), 500, 200, 1_767_484_800);
        IIssuance.Issue memory intent =
            IIssuance.Issue(ONE, TWO, 300, 1_775_433_600, CNY, TERMS, 1_767_484_800, 0, uses, DEADLINE, 7);
        _place(address(issuance));
        bytes32 digest = IIssuance(HERE).hashIssue(intent);
        _same(digest, 0xfeddff0de77b940fae4b795018d6c38602e65164d396637e2052249a311c4287, "Issue");
    }

    function test_hashAssign() public {
        ITransfers.Assign memory intent =
            ITransfers.Assign(ONE, TWO, 16_777_217, 3, 400, EVIDENCE, DEADLINE, 8);
        _place(address(transfers));
        bytes32 digest = ITransfers(HERE).hashAssign(intent);
        _same(digest, 0x058784fb27b7ad9505988eed9dbf6156454274c89b433a65aa54181f6a91c0cb, "Assign");
    }

    function test_hashFinance() public {
        IFinancing.Finance memory intent;
        (intent.bank, intent.seller, intent.feesTo) = (ONE, TWO, address(3));
        (intent.lot, intent.seq, intent.amount) = (16_777_217, 3, 400);
        (intent.price, intent.fees, intent.ratePpm) = (390, 5, 30_000);
        (intent.dayCount, intent.recourse) = (360, 1);
        intent.registrationRef = keccak256("registration");
        intent.noticeRef = keccak256("notice");
        intent.termsHash = keccak256("cost sheet");
        (intent.deadline, intent.salt) = (DEADLINE, 9);
        _place(address(financing));
        bytes32 digest = IFinancing(HERE).hashFinance(intent);
        _same(digest, 0x45002030878f9691c690723608167c106b2ce4068e569a3d197b33b21579ef6d, "Finance");
    }

    function test_hashPay() public {
        ISettlement.Pay memory intent = ISettlement.Pay(ONE, 1, 250, 50, DEADLINE, 10);
        _place(address(settlement));
        bytes32 digest = ISettlement(HERE).hashPay(intent);
        _same(digest, 0x1c714f7433b9574b82023b45adda04f8403a28a1a395a75bfb3185248b369a49, "Pay");
    }

    function test_hashRedeem() public {
        ICash.Redeem memory intent = ICash.Redeem(ONE, CNY, 77, keccak256("account"), DEADLINE, 11);
        _place(address(cny));
        bytes32 digest = ICash(HERE).hashRedeem(intent);
        _same(digest, 0xff9a644931bdd461e3d970fbb36b8579b875874b2f548f106edd9bac6fa9347c, "Redeem");
    }

    function test_hashSetSigner() public {
        IParties.SetSigner memory intent = IParties.SetSigner(ONE, TWO, 255, 1_799_139_600, 1, DEADLINE, 12);
        _place(address(parties));
        bytes32 digest = IParties(HERE).hashSetSigner(intent);
        _same(digest, 0xc6d83ab1bfe797e6f4cd6a67afc0f06dbe1e746f05023b8aaadc40e95edae45c, "SetSigner");
    }

    function test_hashSetThreshold() public {
        IParties.SetThreshold memory intent = IParties.SetThreshold(ONE, 6, 2, 2, DEADLINE, 13);
        _place(address(parties));
        bytes32 digest = IParties(HERE).hashSetThreshold(intent);
        _same(digest, 0xf83abfc185af8754f3494816d2eea5a6f9339032917e4507b52e75ef6bdc1f8b, "SetThreshold");
    }

    function test_hashRevoke() public {
        IParties.Revoke memory intent = IParties.Revoke(ONE, keccak256("digest"), DEADLINE, 14);
        _place(address(parties));
        bytes32 digest = IParties(HERE).hashRevoke(intent);
        _same(digest, 0xc588f5206913c15088414c7c68ea7d58bf46554944479da5a6cbdc19de2c3744, "Revoke");
    }

    function test_hashVetoRecovery() public {
        IParties.VetoRecovery memory intent = IParties.VetoRecovery(ONE, keccak256("proposal"), DEADLINE, 15);
        _place(address(parties));
        bytes32 digest = IParties(HERE).hashVetoRecovery(intent);
        _same(digest, 0xd985e7fc0d160b4e834e4515b5c521fd3f11f7f8afba20790271c802c5544c19, "VetoRecovery");
    }

    /// @dev The same code at the golden address and chain: the contracts then compute their domain anew.
    function _place(address implementation) private {
        vm.etch(HERE, implementation.code);
        vm.chainId(31_337);
    }
}
