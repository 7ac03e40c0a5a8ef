"""Previews the Python program through the Automation API: preview.py FOLDER PACK with-block|without-block

Prints JSON: whether the preview passed, what it would create, and each policy violation. FOLDER is for the state and
for PULUMI_HOME; the rest of the environment is the caller's.
"""

import json
import sys
import threading
from pathlib import Path

from pulumi import automation as auto

from ai_data_bucket import program

folder, pack, variant = sys.argv[1:]
state = Path(folder, "state")
state.mkdir()

stack = auto.create_stack(
    stack_name="dev",
    project_name="ai-data",
    program=lambda: program(with_block=variant == "with-block"),
    opts=auto.LocalWorkspaceOptions(
        pulumi_home=str(Path(folder, "home")),
        project_settings=auto.ProjectSettings(
            name="ai-data", runtime="python", backend=auto.ProjectBackend(url=state.as_uri())
        ),
    ),
)
stack.set_config("aws:region", auto.ConfigValue("us-east-1"))

events: list[auto.EngineEvent] = []
last = threading.Event()


def keep(event: auto.EngineEvent) -> None:
    """Keeps an event. The one called "cancel" ends every run, also one that nobody cancelled."""
    events.append(event)
    if event.cancel_event:
        last.set()


failure = None
try:
    stack.preview(policy_packs=[pack], on_event=keep)
except auto.CommandError as error:
    failure = str(error)
# A preview that fails is over before its last events have come.
if not last.wait(timeout=10):
    sys.exit("the engine's last event did not come")

print(
    json.dumps(
        {
            "passed": failure is None,
            "creates": sorted(
                event.resource_pre_event.metadata.type
                for event in events
                if event.resource_pre_event and event.resource_pre_event.metadata.type.startswith("aws:")
            ),
            "violations": [
                {
                    "policy": event.policy_event.policy_name,
                    "level": event.policy_event.enforcement_level,
                    "urn": event.policy_event.resource_urn,
                }
                for event in events
                if event.policy_event
            ],
            "failure": failure,
        }
    )
)
