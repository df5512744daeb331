import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../src/core/index.ts";

/**
 * Builds specs with the machine's rpmbuild, without compiling anything, and puts all packages (source packages too) flat into `out`.
 * Gives their file names, sorted.
 */
export async function buildPackages(
  work: string,
  out: string,
  specs: Readonly<Record<string, string>>,
): Promise<string[]> {
  await mkdir(join(work, "specs"), { recursive: true });
  await mkdir(out, { recursive: true });
  for (const [name, text] of Object.entries(specs)) {
    const spec = join(work, "specs", `${name}.spec`);
    await writeFile(spec, text);
    await run(
      "rpmbuild",
      [
        "-ba",
        "--quiet",
        "--nodeps",
        `--define=_topdir ${work}/top`,
        `--define=_rpmdir ${out}`,
        `--define=_srcrpmdir ${out}`,
        "--define=_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
        "--define=_buildhost builder",
        "--define=debug_package %{nil}",
        spec,
      ],
      {
        env: {
          PATH: process.env.PATH ?? "/usr/bin:/bin",
          HOME: work,
          SOURCE_DATE_EPOCH: "1700000000",
          LANG: "C.UTF-8",
        },
      },
    );
  }
  await rm(join(work, "top"), { recursive: true, force: true });
  return (await readdir(out)).filter((name) => name.endsWith(".rpm")).sort();
}

/** A spec whose packages have a bit of everything that repository metadata shows. */
export const richSpec = `Name: rich
Epoch: 2
Version: 1.5~rc1
Release: 3
Summary: Quotes " <tags> & more
License: MIT
URL: https://example.org/?a=1&b=2
Vendor: Example
Packager: Somebody <some@example.org>
Group: Applications
Requires: plain, versioned >= 1:2.0-1, norelease < 3
Requires(pre): shadow-utils
Requires(post): /sbin/ldconfig
Requires: /usr/bin/rich
Requires: rich-virtual = 4
Requires: plain
Requires: libc.so.6()(64bit)
Requires: libc.so.6(GLIBC_2.4)(64bit), libc.so.6(GLIBC_2.34)(64bit), libc.so.6(GLIBC_2.17)(64bit)
Requires: (gcc >= 5 if (make or ninja))
Provides: rich-virtual = 4, unversioned
Conflicts: enemy < 2
Obsoletes: old-rich <= 1.0-1
Recommends: nice
Suggests: maybe > 1
Supplements: (x and y)
Enhances: z
%description
Two
lines with ünïcode.
%package doc
Summary: Documentation
BuildArch: noarch
%description doc
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/etc/rich.d %{buildroot}/usr/share/doc/rich %{buildroot}/var/cache
echo '#!/bin/sh' > %{buildroot}/usr/bin/rich
chmod 755 %{buildroot}/usr/bin/rich
echo a=1 > %{buildroot}/etc/rich.conf
ln -s rich %{buildroot}/usr/bin/richer
echo text > '%{buildroot}/usr/share/doc/rich/a & b <c>.txt'
%pre
true
%post
true
%files
/usr/bin/rich
/usr/bin/richer
%config(noreplace) /etc/rich.conf
%dir /etc/rich.d
%ghost /var/cache/rich
%files doc
%doc /usr/share/doc/rich
%changelog
${Array.from({ length: 14 }, (_, index) => `* Mon Nov 13 2023 Some Body  <some@example.org> - 1.${14 - index}-1\n- change ${14 - index} & more <tags>`).join("\n")}
`;

/** A small spec: one noarch package that owns one file. */
export function smallSpec(name: string, version: string, lines: readonly string[] = []): string {
  return `Name: ${name}
Version: ${version}
Release: 1
Summary: ${name}
License: MIT
BuildArch: noarch
${lines.join("\n")}
%description
%install
mkdir -p %{buildroot}/usr/share/${name}
echo ${version} > %{buildroot}/usr/share/${name}/version
%files
/usr/share/${name}
`;
}
