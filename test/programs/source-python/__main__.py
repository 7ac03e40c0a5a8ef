"""A shop. Its component is in a package of a virtual environment."""

import sys
from pathlib import Path

import pulumi_aws as aws

sys.path.insert(0, str(Path(__file__).parent / "venv/site-packages"))
from acme import Site  # noqa: E402

uploads = aws.s3.Bucket(
    "uploads",
    force_destroy=True,
)
for team in ["a", "b"]:
    aws.s3.Bucket(f"team-{team}")
listed = [aws.s3.Bucket("listed")]
Site("docs")
