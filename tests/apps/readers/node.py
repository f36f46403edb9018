"""The boundary to JavaScript: a value goes into a script as JSON, and another comes out."""

import json
import subprocess
from pathlib import Path


def run(script: str, value):
    command = ["node", Path(__file__).with_name(script)]
    run = subprocess.run(command, input=json.dumps(value), capture_output=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
