"""Builds and installs a pure Python project as its pyproject.toml describes it, with Python's own library alone.

requires [--runtime]                     print RPM build dependencies
stage                                    lay the files of the wheel out in pyproject-stage/
install ROOT SITELIB                     copy them below ROOT and compile them reproducibly
files ROOT SITELIB LIST MODULE...        write a file list for the spec
"""

import base64
import hashlib
import pathlib
import py_compile
import shutil
import sys
import tomllib

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

from requirement import dependencies, normal_name  # noqa: E402

STAGE = pathlib.Path("pyproject-stage")


def described():
    return tomllib.loads(pathlib.Path("pyproject.toml").read_text(encoding="utf-8"))


def dist_info(project):
    return f"{normal_name(project['name']).replace('-', '_')}-{project['version']}.dist-info"


def requires(*options):
    data = described()
    wanted = list(data.get("build-system", {}).get("requires", []))
    if "--runtime" in options:
        wanted += data["project"].get("dependencies", [])
    print("python3-devel")
    for requirement in wanted:
        print("\n".join(dependencies(requirement, "python3")))


def stage():
    data = described()
    project = data["project"]
    shutil.rmtree(STAGE, ignore_errors=True)
    for module in data["tool"]["brook"]["packages"]:
        shutil.copytree(module, STAGE / module, ignore=shutil.ignore_patterns("__pycache__"))
    info = STAGE / dist_info(project)
    info.mkdir(parents=True)
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {project['version']}"]
    lines += [f"Summary: {project['description']}"] if "description" in project else []
    lines += [f"Requires-Dist: {requirement}" for requirement in project.get("dependencies", [])]
    (info / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (info / "INSTALLER").write_text("rpm\n", encoding="utf-8")
    scripts = project.get("scripts", {})
    if scripts:
        text = "[console_scripts]\n" + "".join(f"{name} = {target}\n" for name, target in sorted(scripts.items()))
        (info / "entry_points.txt").write_text(text, encoding="utf-8")


def record(site, info, files):
    rows = []
    for file in files:
        digest = base64.urlsafe_b64encode(hashlib.sha256((site / file).read_bytes()).digest()).rstrip(b"=").decode()
        rows.append(f"{file},sha256={digest},{(site / file).stat().st_size}")
    (site / info / "RECORD").write_text("\n".join([*rows, f"{info}/RECORD,,"]) + "\n", encoding="utf-8")


def install(root, sitelib):
    project = described()["project"]
    site = pathlib.Path(root + sitelib)
    site.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STAGE, site, dirs_exist_ok=True)
    files = sorted(file.relative_to(STAGE).as_posix() for file in STAGE.rglob("*") if file.is_file())
    record(site, dist_info(project), files)
    for file in files:
        if file.endswith(".py"):
            py_compile.compile(
                str(site / file),
                dfile=f"{sitelib}/{file}",
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
    bindir = pathlib.Path(root + "/usr/bin")
    for name, target in project.get("scripts", {}).items():
        module, function = target.split(":")
        bindir.mkdir(parents=True, exist_ok=True)
        script = bindir / name
        script.write_text(f"#!/usr/bin/python3\nimport sys\nfrom {module} import {function}\n\nsys.exit({function}())\n", encoding="utf-8")
        script.chmod(0o755)


def files(root, sitelib, target, *modules):
    site = pathlib.Path(root + sitelib)
    listed = []
    for module in modules:
        if not (site / module).is_dir():
            sys.exit(f"no module {module} in {site}")
        listed.append(f"{sitelib}/{module}/")
    listed.append(f"{sitelib}/{dist_info(described()['project'])}/")
    pathlib.Path(target).write_text("\n".join(listed) + "\n", encoding="utf-8")


if __name__ == "__main__":
    {"requires": requires, "stage": stage, "install": install, "files": files}[sys.argv[1]](*sys.argv[2:])
