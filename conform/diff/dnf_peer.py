"""Answers install requests with dnf's Python API, one process for all of them.

Standard input: one JSON object {"scratch", "arch", "repositories": [{"id", "directory"}], "requests": [{"specs": [...], "weak": bool}]}.
Standard output: a line of JSON for each request, {"install": ["name-evr.arch", ...]} or {"problems": [...]}. Nothing is downloaded or installed.
"""

import json
import logging
import os
import sys

import dnf
import dnf.exceptions


def open_base(job):
    base = dnf.Base()
    conf = base.conf
    conf.cachedir = os.path.join(job["scratch"], "cache")
    conf.persistdir = os.path.join(job["scratch"], "persist")
    conf.logdir = os.path.join(job["scratch"], "log")
    conf.installroot = os.path.join(job["scratch"], "root")
    for folder in (conf.logdir, conf.cachedir, conf.persistdir, conf.installroot):
        os.makedirs(folder, exist_ok=True)
    conf.plugins = False
    conf.zchunk = False
    conf.best = False
    conf.protected_packages = []
    conf.module_platform_id = "platform:none"
    conf.substitutions["arch"] = job["arch"]
    conf.substitutions["basearch"] = job["arch"]
    conf.substitutions["releasever"] = "0"
    for item in job["repositories"]:
        repo = base.repos.add_new_repo(item["id"], conf, baseurl=["file://" + item["directory"]])
        repo.module_hotfixes = True
        repo.gpgcheck = False
        repo.repo_gpgcheck = False
    base.fill_sack(load_system_repo=False, load_available_repos=True)
    return base


def answer(base, request):
    base.reset(goal=True)
    base.conf.install_weak_deps = request["weak"]
    try:
        for spec in request["specs"]:
            base.install(spec)
        base.resolve()
    except (dnf.exceptions.Error, ValueError) as error:
        return {"problems": [str(error)]}
    chosen = base.transaction.install_set if base.transaction else []
    return {"install": sorted("%s-%s.%s" % (p.name, p.evr, p.arch) for p in chosen)}


def main():
    logging.disable(logging.CRITICAL)
    job = json.load(sys.stdin)
    base = open_base(job)
    for request in job["requests"]:
        print(json.dumps(answer(base, request)))


main()
