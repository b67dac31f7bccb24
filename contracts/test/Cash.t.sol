// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IntentKinds, Powers, Rights} from "../src/interfaces/Codes.sol";
import {ICash} from "../src/interfaces/ICash.sol";
import {IIntents} from "../src/interfaces/IIntents.sol";
import {IParties} from "../src/interfaces/IParties.sol";
import {Payout, packPayout} from "../src/interfaces/Payouts.sol";
import {World} from "./support/World.sol";

/// @title Tokenised deposits: mint, move, redeem
contract CashTest is World {
    bytes32 private constant CREDIT = keccak256("credit notice");

    function test_views_describeTheToken() public view {
        _same(bytes(cny.name()), bytes("Deposit CNY"), "name");
        _same(bytes(cny.symbol()), bytes("dCNY"), "symbol");
        _same(cny.decimals(), 2, "decimals");
        _same(cny.currency(), CNY, "currency");
        _same(cny.mintLimit(), MINT_LIMIT, "mintLimit");
        _same(cny.allowance(debtor, bank), 0, "allowance");
        _same(cny.totalSupply(), 20 * FACE, "supply");
    }

    // ---- mint

    function test_mint_creditsAPartyOnceForEachNotice() public {
        vm.expectEmit(true, true, true, true, address(cny));
        emit ICash.CashMinted(supplier, 500, CREDIT);
        vm.prank(MINTER);
        cny.mint(supplier, 500, CREDIT);
        _same(cny.balanceOf(supplier), 500, "balance");
        _same(cny.totalSupply(), 20 * FACE + 500, "supply");
    }

    function test_CashCreditRefUsed_whenANoticeIsCreditedTwice() public {
        vm.prank(MINTER);
        cny.mint(supplier, 500, CREDIT);
        _refusedMint(supplier, 1, CREDIT, abi.encodeWithSelector(ICash.CashCreditRefUsed.selector, CREDIT));
    }

    function test_CashZeroValue_whenMintingNothingOrWithoutNotice() public {
        _refusedMint(supplier, 0, CREDIT, _reason(ICash.CashZeroValue.selector));
        _refusedMint(supplier, 1, 0, _reason(ICash.CashZeroValue.selector));
    }

    function test_PartiesUnknown_and_PartiesNotActive_whenMinting() public {
        _refusedMint(
            address(5), 1, CREDIT, abi.encodeWithSelector(IParties.PartiesUnknown.selector, address(5))
        );
        _suspend(supplier);
        _refusedMint(
            supplier,
            1,
            CREDIT,
            abi.encodeWithSelector(IParties.PartiesNotActive.selector, supplier, IParties.Status.Suspended)
        );
    }

    function test_CashMintLimit_isPerDay() public {
        uint64 left = MINT_LIMIT - 20 * FACE;
        _refusedMint(
            supplier, left + 1, CREDIT, abi.encodeWithSelector(ICash.CashMintLimit.selector, left + 1, left)
        );
        _mint(cny, supplier, left);
        _refusedMint(supplier, 1, CREDIT, abi.encodeWithSelector(ICash.CashMintLimit.selector, 1, 0));
        vm.warp(_midnight() + 1 days);
        _mint(cny, supplier, MINT_LIMIT);
    }

    function test_setMintLimit_mayFallBelowWhatWasMintedToday() public {
        bytes memory data = abi.encodeCall(cny.setMintLimit, (7));
        _asAnnounced(CONSORTIUM, address(cny), data, 3 days);
        _same(cny.mintLimit(), 7, "mintLimit");
        _mint(cny, supplier, 7);
        _refusedMint(supplier, 1, CREDIT, abi.encodeWithSelector(ICash.CashMintLimit.selector, 1, 0));
        vm.prank(CONSORTIUM);
        manager.schedule(address(cny), abi.encodeCall(cny.setMintLimit, (5)), 0);
        vm.warp(block.timestamp + 3 days);
        _mint(cny, supplier, 7);
        vm.expectEmit(true, true, true, true, address(cny));
        emit ICash.MintLimitChanged(5);
        vm.prank(CONSORTIUM);
        manager.execute(address(cny), abi.encodeCall(cny.setMintLimit, (5)));
        _refusedMint(supplier, 1, CREDIT, abi.encodeWithSelector(ICash.CashMintLimit.selector, 1, 0));
    }

    function test_CashSupplyLimit_whenTheSupplyWouldPassSigned64Bits() public {
        bytes memory data = abi.encodeCall(cny.setMintLimit, (type(uint64).max));
        _asAnnounced(CONSORTIUM, address(cny), data, 3 days);
        uint256 limit = 2 ** 63 - 1;
        _mint(cny, supplier, uint64(limit - cny.totalSupply()));
        _refusedMint(
            supplier, 1, CREDIT, abi.encodeWithSelector(ICash.CashSupplyLimit.selector, limit + 1, limit)
        );
    }

    // ---- move

    function test_CashOnlyModules_forEveryErc20Mutation() public {
        bytes memory reason = _reason(ICash.CashOnlyModules.selector);
        _refused(bank, address(cny), abi.encodeCall(cny.transfer, (debtor, 1)), reason);
        _refused(bank, address(cny), abi.encodeCall(cny.approve, (debtor, 1)), reason);
        _refused(bank, address(cny), abi.encodeCall(cny.transferFrom, (bank, debtor, 1)), reason);
    }

    function test_move_byAModuleWithTheRight() public {
        _becomeModule(address(cny), Rights.FINANCE);
        cny.move(bank, supplier, 30, Rights.FINANCE);
        _same(cny.balanceOf(supplier), 30, "to");
        _same(cny.balanceOf(bank), 10 * FACE - 30, "from");
        cny.move(bank, bank, 30, Rights.FINANCE);
        _same(cny.balanceOf(bank), 10 * FACE - 30, "to itself changes nothing");
    }

    function test_CashInsufficient_byOneUnit() public {
        _becomeModule(address(cny), Rights.PAY);
        uint64 balance = 10 * FACE;
        _refused(
            address(cny),
            abi.encodeCall(cny.move, (bank, supplier, balance + 1, Rights.PAY)),
            abi.encodeWithSelector(ICash.CashInsufficient.selector, bank, balance, balance + 1)
        );
        cny.move(bank, supplier, balance, Rights.PAY);
    }

    function test_CashZeroValue_whenMovingNothingOrNowhere() public {
        _becomeModule(address(cny), Rights.PAY);
        bytes memory reason = _reason(ICash.CashZeroValue.selector);
        _refused(address(cny), abi.encodeCall(cny.move, (bank, supplier, 0, Rights.PAY)), reason);
        _refused(address(cny), abi.encodeCall(cny.move, (bank, address(0), 1, Rights.PAY)), reason);
    }

    // ---- pay out

    function test_payOut_movesEachPayout() public {
        _becomeModule(address(cny), Rights.CLAIM);
        Payout[] memory payouts = _payouts(supplier, 30, tier2, 12);
        vm.expectEmit(true, true, true, true, address(cny));
        emit IERC20.Transfer(bank, supplier, 30);
        vm.expectEmit(true, true, true, true, address(cny));
        emit IERC20.Transfer(bank, tier2, 12);
        cny.payOut(bank, payouts, Rights.CLAIM);
        _same(cny.balanceOf(bank), 10 * FACE - 42, "from");
        _same(cny.balanceOf(supplier), 30, "one");
        _same(cny.balanceOf(tier2), 12, "the other");
    }

    function test_CashInsufficient_byOneUnitOfAllPayouts() public {
        _becomeModule(address(cny), Rights.CLAIM);
        Payout[] memory payouts = _payouts(supplier, 10 * FACE - 12, tier2, 13);
        _refused(
            address(cny),
            abi.encodeCall(cny.payOut, (bank, payouts, Rights.CLAIM)),
            abi.encodeWithSelector(ICash.CashInsufficient.selector, bank, 12, 13)
        );
        cny.payOut(bank, _payouts(supplier, 10 * FACE - 12, tier2, 12), Rights.CLAIM);
        _same(cny.balanceOf(bank), 0, "all of it");
    }

    function test_CashZeroValue_whenPayingOutNothingOrToNobodyOrToThePayer() public {
        _becomeModule(address(cny), Rights.CLAIM);
        address[3] memory receivers = [tier2, address(0), bank];
        for (uint64 i = 0; i < 3; ++i) {
            Payout[] memory payouts = _payouts(supplier, 1, receivers[i], i);
            bytes memory data = abi.encodeCall(cny.payOut, (bank, payouts, Rights.CLAIM));
            _refused(address(cny), data, _reason(ICash.CashZeroValue.selector));
        }
        _same(cny.balanceOf(supplier), 0, "nobody is paid in part");
    }

    // ---- redeem

    function test_redeem_burnsAgainstAPaymentOrder() public {
        ICash.Redeem memory intent = _intentRedeem(bank, FACE);
        bytes32 digest = cny.hashRedeem(intent);
        bytes memory signatures = _signedBy(bank, digest);
        vm.expectEmit(true, true, true, true, address(cny));
        emit ICash.CashRedeemed(bank, FACE, intent.accountRef, digest);
        vm.expectEmit(true, true, true, true, address(cny));
        emit IIntents.IntentUsed(digest, IntentKinds.REDEEM, 0, address(this));
        cny.redeem(intent, signatures);
        _same(cny.balanceOf(bank), 9 * FACE, "balance");
        _same(cny.totalSupply(), 19 * FACE, "supply");
    }

    function test_IntentAlreadyUsed_whenRedeemingTwice() public {
        ICash.Redeem memory intent = _intentRedeem(bank, FACE);
        _carry(intent);
        _refused(intent, abi.encodeWithSelector(IIntents.IntentAlreadyUsed.selector, cny.hashRedeem(intent)));
    }

    function test_CashWrongCurrency_whenTheIntentNamesAnother() public {
        ICash.Redeem memory intent = _intentRedeem(bank, FACE);
        intent.currency = EUR;
        _refused(intent, abi.encodeWithSelector(ICash.CashWrongCurrency.selector, EUR, CNY));
    }

    function test_CashZeroValue_whenRedeemingNothingOrToNoAccount() public {
        ICash.Redeem memory intent = _intentRedeem(bank, 0);
        _refused(intent, _reason(ICash.CashZeroValue.selector));
        intent = _intentRedeem(bank, 1);
        intent.accountRef = 0;
        _refused(intent, _reason(ICash.CashZeroValue.selector));
    }

    function test_CashInsufficient_whenRedeemingMoreThanThereIs() public {
        _refused(
            _intentRedeem(supplier, 1),
            abi.encodeWithSelector(ICash.CashInsufficient.selector, supplier, 0, 1)
        );
    }

    function test_PartiesBelowThreshold_whenRedeemingUnsigned() public {
        _refused(
            address(cny),
            abi.encodeCall(cny.redeem, (_intentRedeem(bank, 1), bytes(""))),
            abi.encodeWithSelector(IParties.PartiesBelowThreshold.selector, bank, Powers.PAY, 0, 1)
        );
    }

    function test_IntentExpired_and_IntentDeadlineTooFar() public {
        ICash.Redeem memory intent = _intentRedeem(bank, 1);
        intent.deadline = START - 1;
        _refused(intent, abi.encodeWithSelector(IIntents.IntentExpired.selector, START - 1, START));
        intent.deadline = START + 1 days + 1;
        _refused(
            intent,
            abi.encodeWithSelector(IIntents.IntentDeadlineTooFar.selector, START + 1 days + 1, START + 1 days)
        );
    }

    function _payouts(address to1, uint64 amount1, address to2, uint64 amount2)
        private
        pure
        returns (Payout[] memory payouts)
    {
        payouts = new Payout[](2);
        payouts[0] = packPayout(to1, amount1, CNY, false);
        payouts[1] = packPayout(to2, amount2, CNY, false);
    }

    function _refusedMint(address to, uint64 amount, bytes32 creditRef, bytes memory reason) private {
        _refused(MINTER, address(cny), abi.encodeCall(cny.mint, (to, amount, creditRef)), reason);
    }
}
