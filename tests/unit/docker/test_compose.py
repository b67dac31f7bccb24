"""No container engine runs here, so the file is held to its schema and to the properties that it promises."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
COMPOSE_FILE = ROOT / "docker" / "compose.yaml"
DOCKERFILE = ROOT / "docker" / "Dockerfile"
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT = {name for name, service in SERVICES.items() if service.get("restart") == "no"}
SECRET_NAME = re.compile(r"PASSWORD|SECRET", re.IGNORECASE)

every_service = pytest.mark.parametrize("name", SERVICES)


def test_the_file_keeps_to_the_compose_specification() -> None:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        COMPOSE_FILE,
    ]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_it_starts_every_part_of_the_system() -> None:
    assert set(SERVICES) == {"postgres", "chain", "deploy", "api", "indexer", "sender"}
    assert sorted(ONE_SHOT) == ["deploy"]


@every_service
def test_a_service_tells_its_health_or_ends(name: str) -> None:
    assert name in ONE_SHOT or SERVICES[name]["healthcheck"]["test"][0] == "CMD"


@every_service
def test_a_service_does_not_run_as_root_and_gains_no_rights(name: str) -> None:
    service = SERVICES[name]
    user, group = service["user"].split(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["read_only"] is True


@every_service
def test_a_port_is_open_to_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@every_service
def test_a_service_waits_until_those_it_needs_are_usable(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if needed in ONE_SHOT else "service_healthy"
        assert how["condition"] == wanted


@every_service
def test_no_secret_is_written_in_the_file(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if SECRET_NAME.search(variable):
            assert value.startswith(("/run/secrets/", "${")), variable
        for use in re.findall(r"\$\{[^}]*PASSWORD[^}]*\}", value):
            assert ":?" in use, f"{variable} would start with an empty password"


def test_a_missing_secret_file_stops_the_start_with_words() -> None:
    for secret in COMPOSE["secrets"].values():
        assert re.fullmatch(r"\$\{TALLY_\w+:\?[^}]+\}", secret["file"])


@every_service
def test_what_must_survive_lies_in_a_named_volume(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        source = volume.split(":")[0]
        assert source in COMPOSE["volumes"]


def test_the_example_names_every_variable_without_a_value_for_the_password() -> None:
    example = (ROOT / "docker" / "env.example").read_text()
    used = set(re.findall(r"\$\{(TALLY_\w+)", COMPOSE_FILE.read_text()))
    named = set(re.findall(r"^(TALLY_\w+)=", example, re.MULTILINE))
    assert used == named
    assert re.search(r"^TALLY_DB_PASSWORD=$", example, re.MULTILINE)


def test_every_image_leaves_root_before_it_starts() -> None:
    final_stages = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    stages = re.split(r"^FROM ", DOCKERFILE.read_text(), flags=re.MULTILINE)[1:]
    by_name = {stage.split("\n", 1)[0].split(" AS ")[1]: stage for stage in stages}
    for target in final_stages:
        assert "USER 10001:10001" in by_name[target]
        assert "HEALTHCHECK" in by_name[target]


def test_what_the_images_copy_exists_and_is_sent_to_the_builder() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for line in DOCKERFILE.read_text().splitlines():
        if not line.startswith("COPY ") or "--from=" in line:
            continue
        for source in line.split()[1:-1]:
            assert (ROOT / source).exists(), source
            assert any(source == path or source.startswith(f"{path}/") for path in allowed), source
