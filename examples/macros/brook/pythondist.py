"""Dependency generator: reads paths of .dist-info directories, prints what they provide or require."""

import email.parser
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

from requirement import dependencies, normal_name  # noqa: E402

for line in sys.stdin:
    folder = pathlib.Path(line.rstrip("\n"))
    version = re.search(r"/python(\d+\.\d+)/site-packages/", str(folder))[1]
    metadata = email.parser.HeaderParser().parsestr((folder / "METADATA").read_text(encoding="utf-8"))
    if sys.argv[1] == "provides":
        for prefix in ("python" + version.split(".")[0], "python" + version):
            print(f"{prefix}dist({normal_name(metadata['Name'])}) = {metadata['Version']}")
    else:
        for requirement in metadata.get_all("Requires-Dist", []):
            print("\n".join(dependencies(requirement, "python" + version)))
