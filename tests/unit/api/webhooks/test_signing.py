"""Signatures against the published examples of Standard Webhooks, and secrets at rest."""

import base64

import pytest

from api.webhooks.signing import Sealer, SecretUnreadable, headers, new_secret, signature

EXAMPLES = [
    (
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
        "msg_loFOjxBNrRLzqYUf",
        1731705121,
        b'{"event_type":"ping","data":{"success":true}}',
        "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    ),
]


@pytest.mark.parametrize(("secret", "message_id", "timestamp_s", "body", "expected"), EXAMPLES)
def test_the_published_examples_are_signed_as_published(
    secret: str, message_id: str, timestamp_s: int, body: bytes, expected: str
) -> None:
    assert signature(secret, message_id, timestamp_s, body) == expected


def test_a_message_carries_a_signature_of_each_secret() -> None:
    one, other = new_secret(), new_secret()
    carried = headers([one, other], "0:118:4", 1_700_000_000, b"{}")
    assert carried["webhook-id"] == "0:118:4"
    assert carried["webhook-timestamp"] == "1700000000"
    assert carried["webhook-signature"].split(" ") == [
        signature(secret, "0:118:4", 1_700_000_000, b"{}") for secret in (one, other)
    ]


def test_a_secret_is_24_to_64_random_bytes() -> None:
    secrets = {new_secret() for _ in range(10)}
    assert len(secrets) == 10
    assert all(24 <= len(base64.b64decode(one.removeprefix("whsec_"))) <= 64 for one in secrets)


def test_a_sealed_secret_is_opened_for_its_own_webhook_and_network_only() -> None:
    sealer, secret = Sealer(b"a secret of the consortium itself"), new_secret()
    sealed = sealer.seal(secret, "whk_1")
    assert secret not in sealed
    assert sealer.seal(secret, "whk_1") != sealed
    assert sealer.open(sealed, "whk_1") == secret
    for opener, webhook_id in ((sealer, "whk_2"), (Sealer(b"a secret of another consortium"), "whk_1")):
        with pytest.raises(SecretUnreadable):
            opener.open(sealed, webhook_id)
