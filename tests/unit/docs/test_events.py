"""What the page on events shows works as it says."""

import time

from api.events.reading import TYPES
from api.settings import Settings
from api.webhooks.signing import headers, new_secret
from tests.support.examples import DOCS, examples_of

EXAMPLES = examples_of("events.md")


def test_the_receiver_of_the_page_takes_ours_and_no_others() -> None:
    secret, other, body, now = new_secret(), new_secret(), b'{"type": "LotMoved"}', int(time.time())
    is_genuine = EXAMPLES.verify.is_genuine
    assert is_genuine(secret, headers([secret], "0:118:4", now, body), body)
    assert is_genuine(secret, headers([other, secret], "0:118:4", now, body), body)
    assert not is_genuine(secret, headers([other], "0:118:4", now, body), body)
    assert not is_genuine(secret, headers([secret], "0:118:4", now, body), body + b" ")
    assert not is_genuine(secret, headers([secret], "0:118:4", now - 301, body), body)
    assert not is_genuine(secret, headers([secret], "0:118:4", now + 301, body), body)
    replayed = {**headers([secret], "0:118:4", now - 400, body), "webhook-timestamp": str(now)}
    assert not is_genuine(secret, replayed, body)


def test_every_setting_that_the_page_names_is_one() -> None:
    page = (DOCS / "events.md").read_text()
    named = {
        line.split("`")[1].removeprefix("TALLY_").lower()
        for line in page.splitlines()
        if line.startswith("| `TALLY_")
    }
    assert named == {name for name in Settings.model_fields if name.startswith(("streams_", "webhook"))}


def test_the_types_of_the_page_exist() -> None:
    assert {"LotMoved", "PaymentReceived", "Reorganised"} <= TYPES
