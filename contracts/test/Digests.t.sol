// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICash} from "../src/interfaces/ICash.sol";
import {IInvoices} from "../src/interfaces/IInvoices.sol";
import {IExports} from "../src/interfaces/IExports.sol";
import {IFinancing} from "../src/interfaces/IFinancing.sol";
import {IIssuance} from "../src/interfaces/IIssuance.sol";
import {IMandates} from "../src/interfaces/IMandates.sol";
import {IPledges} from "../src/interfaces/IPledges.sol";
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
    address private constant THREE = address(3);

    function test_hashIssue() public {
        IIssuance.Issue memory intent = IIssuance.Issue({
            debtor: ONE,
            creditor: TWO,
            face: 300,
            due: 1_775_433_600,
            currency: CNY,
            termsHash: TERMS,
            deliveredAt: 1_767_484_800,
            extension: keccak256("extension"),
            invoices: _uses(),
            deadline: DEADLINE,
            salt: 7
        });
        _place(address(issuance));
        bytes32 digest = IIssuance(HERE).hashIssue(intent);
        _same(digest, 0xaca07f456ee96b4af234645d870a1a892be9f788e54a92f97ffab5bcaf6a690d, "Issue");
    }

    function test_hashCancel() public {
        IIssuance.Cancel memory intent = IIssuance.Cancel(ONE, TWO, 1, EVIDENCE, _uses(), DEADLINE, 15);
        _place(address(issuance));
        bytes32 digest = IIssuance(HERE).hashCancel(intent);
        _same(digest, 0x1f678f1d97e471b5c3a4eb00d863cfa827d9fdca0581f800ebf16bb74b9fb546, "Cancel");
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
        (intent.bank, intent.seller, intent.feesTo) = (ONE, TWO, THREE);
        (intent.lot, intent.seq, intent.amount) = (16_777_217, 3, 400);
        (intent.price, intent.fees, intent.ratePpm) = (390, 5, 30_000);
        (intent.dayCount, intent.recourse) = (360, 2);
        (intent.secured, intent.recourseLimit) = (300, 250);
        intent.registrationRef = keccak256("registration");
        intent.noticeRef = keccak256("notice");
        intent.termsHash = keccak256("cost sheet");
        (intent.deadline, intent.salt) = (DEADLINE, 9);
        _place(address(financing));
        bytes32 digest = IFinancing(HERE).hashFinance(intent);
        _same(digest, 0xed5ce04c82d7e5700771fbd6bbc2388bf3ee56eda42bd0eec5baa1c63af50c2f, "Finance");
    }

    function test_hashBuyback() public {
        IFinancing.Buyback memory intent =
            IFinancing.Buyback(ONE, TWO, 16_777_218, 1, 395, EVIDENCE, DEADLINE, 16);
        _place(address(financing));
        bytes32 digest = IFinancing(HERE).hashBuyback(intent);
        _same(digest, 0xfac1b0ba29fcb33455b079e919a050cf0853fcf5d29c5e814f2cad684925d106, "Buyback");
    }

    function test_hashMandate() public {
        IMandates.Mandate memory mandate = IMandates.Mandate({
            bank: ONE,
            quoter: TWO,
            debtor: THREE,
            currency: CNY,
            limit: 1e9,
            minRatePpm: 30_000,
            dayCount: 360,
            maxTenorDays: 180,
            recourse: 1,
            validFrom: 1_767_603_600,
            validUntil: 1_770_195_600,
            deadline: DEADLINE,
            salt: 17
        });
        _place(address(financing));
        bytes32 digest = IFinancing(HERE).hashMandate(mandate);
        _same(digest, 0x075e8e152050b8395b5928ac664a841ed981c3c2c995e6fef95890b2aa5d40ea, "Mandate");
    }

    function test_hashPledge() public {
        IPledges.Pledge memory intent =
            IPledges.Pledge(ONE, TWO, 16_777_217, 3, 300, 250, EVIDENCE, DEADLINE, 18);
        _place(address(pledges));
        bytes32 digest = IPledges(HERE).hashPledge(intent);
        _same(digest, 0x75b218c5bcb56d227083faa1c3fe02978c02c4db0b82e5deb1579d10e0901ae0, "Pledge");
    }

    function test_hashRelease() public {
        IPledges.Release memory intent =
            IPledges.Release(ONE, TWO, 16_777_217, 4, 100, 200, EVIDENCE, DEADLINE, 19);
        _place(address(pledges));
        bytes32 digest = IPledges(HERE).hashRelease(intent);
        _same(digest, 0x2a76d523d5f6aa88fd00ca990e5428fc0e533c368c757efd894c3def41922a49, "Release");
    }

    function test_hashRealise() public {
        IPledges.Realise memory intent =
            IPledges.Realise(ONE, TWO, THREE, 16_777_217, 5, 390, EVIDENCE, DEADLINE, 20);
        _place(address(pledges));
        bytes32 digest = IPledges(HERE).hashRealise(intent);
        _same(digest, 0x25ebd7a8dd33a7b90d8062f91aae23353d52884425a5698028f568a05e1a08e0, "Realise");
    }

    function test_hashExport() public {
        IExports.Export memory intent =
            IExports.Export(ONE, TWO, 16_777_217, 3, 400, keccak256("reference"), DEADLINE, 21);
        _place(address(exports));
        bytes32 digest = IExports(HERE).hashExport(intent);
        _same(digest, 0x4cd34b4708c902041d020fc85f8b19acd8aae95a21f0eefc1ed636bc9f810d07, "Export");
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

    function _uses() private pure returns (IInvoices.InvoiceUse[] memory uses) {
        uses = new IInvoices.InvoiceUse[](2);
        uses[0] = IInvoices.InvoiceUse(keccak256("one"), 100, 100, 1_767_571_200);
        uses[1] = IInvoices.InvoiceUse(keccak256("two"), 500, 200, 1_767_484_800);
    }

    /// @dev The same code at the golden address and chain: the contracts then compute their domain anew.
    function _place(address implementation) private {
        vm.etch(HERE, implementation.code);
        vm.chainId(31_337);
    }
}
