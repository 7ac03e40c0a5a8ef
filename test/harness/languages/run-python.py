"""Runs a Pulumi program as pulumi-language-python-exec does, which comes with the CLI and with no package."""

import asyncio
import os
import runpy
import sys
from pathlib import Path

from pulumi import runtime

program = Path(sys.argv[1])
sys.path.insert(0, str(program))
runtime.configure(
    runtime.Settings(
        project=os.environ["PULUMI_PROJECT"],
        stack=os.environ["PULUMI_STACK"],
        organization=os.environ["PULUMI_ORGANIZATION"],
        root_directory=os.environ["PULUMI_ROOT_DIRECTORY"],
        monitor=os.environ["PULUMI_MONITOR"],
        engine=os.environ["PULUMI_ENGINE"],
        dry_run=os.environ["PULUMI_DRY_RUN"] == "true",
        parallel=1,
    )
)
main = program if program.suffix == ".py" else program / "__main__.py"
asyncio.run(runtime.run_in_stack(lambda: runpy.run_path(str(main), run_name="__main__")))
