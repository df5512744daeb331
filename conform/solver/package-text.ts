import { type Pool, systemPackage } from "../../src/engine/pool/index.ts";

/** `name-evr.arch@repository`; `@SYSTEM` for the system itself. */
export function casePackageText(pool: Pool, pkg: number): string {
  if (pkg === systemPackage) return "@SYSTEM";
  const { columns } = pool;
  const text = (id: number | undefined): string => columns.strings.text(id ?? 0);
  const arch = text(columns.arch[pkg]);
  const repository = pool.repositories[columns.repository[pkg] as number]?.id ?? "";
  return `${text(columns.name[pkg])}-${text(columns.evr[pkg])}${arch === "" ? "" : `.${arch}`}@${repository}`;
}

/** The package that {@link casePackageText} writes so, undefined for none. Ones that can be installed come before others. */
export function findCasePackage(pool: Pool, text: string): number | undefined {
  if (text === "@SYSTEM") return systemPackage;
  const { columns } = pool;
  const { strings } = columns;
  let body = text;
  let repository: number | undefined;
  for (let at = text.lastIndexOf("@"); at >= 0; at = at === 0 ? -1 : text.lastIndexOf("@", at - 1)) {
    const found = pool.repositories.find(({ id }) => id === text.slice(at + 1));
    if (found === undefined) continue;
    repository = found.index;
    body = text.slice(0, at);
    break;
  }
  const dot = body.lastIndexOf(".");
  const archId = dot > 0 ? strings.find(body.slice(dot + 1)) : -1;
  if (archId > 0) body = body.slice(0, dot);
  for (let dash = body.lastIndexOf("-"); dash > 0; dash = body.lastIndexOf("-", dash - 1)) {
    const name = strings.find(body.slice(0, dash));
    const evr = strings.find(body.slice(dash + 1));
    if (name <= 0 || evr <= 0) continue;
    let fallback: number | undefined;
    for (let pkg = systemPackage + 1; pkg < columns.count; pkg++) {
      if (columns.name[pkg] !== name || columns.evr[pkg] !== evr) continue;
      if (archId > 0 && columns.arch[pkg] !== archId) continue;
      if (repository !== undefined && columns.repository[pkg] !== repository) continue;
      if (pool.isInstalled(pkg) || pool.isInstallable(pkg)) return pkg;
      fallback ??= pkg;
    }
    if (fallback !== undefined) return fallback;
  }
  return undefined;
}
