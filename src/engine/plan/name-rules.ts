/** Packages that by the distribution's naming carry a capability, best first. Only packages that exist count. */
export function packagesByName(capability: string): string[] {
  const match = /^([A-Za-z0-9.+]+)\((.*)\)$/.exec(capability);
  if (match === null) return [];
  const kind = match[1] as string;
  const name = match[2] as string;
  if (name === "") return [];
  if (/^python3(\.\d+)?dist$/.test(kind)) return pythonPackages(name);
  switch (kind) {
    case "perl":
      return [`perl-${name.replaceAll("::", "-")}`];
    case "rubygem":
      return [`rubygem-${name}`];
    case "npm":
      return [`nodejs-${name}`];
    case "crate":
      return cratePackages(name);
    case "golang":
      return [`golang-${goName(name)}-devel`];
    case "tex":
      return [`texlive-${name.replace(/\.(sty|cls)$/, "")}`];
    case "R":
      return [`R-${name}`];
    case "ocaml":
      return [`ocaml-${name}`];
    case "ghc-devel":
      return [`ghc-${name}-devel`];
    case "php-pear":
      return [`php-pear-${name.replace(/^.*\//, "")}`];
    default:
      return [];
  }
}

function pythonPackages(name: string): string[] {
  const extra = /^([^[\]]+)\[([^[\]]+)\]$/.exec(name);
  const base = (extra?.[1] ?? name).toLowerCase().replace(/[-_.]+/g, "-");
  const suffix = extra === null ? "" : `+${extra[2]}`;
  return [`python3-${base}${suffix}`, `python3-${base.replace(/^python-/, "")}${suffix}`];
}

function cratePackages(name: string): string[] {
  const [crate = "", feature] = name.split("/");
  const base = `rust-${crate}`;
  return feature === undefined ? [`${base}-devel`] : [`${base}+${feature}-devel`];
}

function goName(path: string): string {
  return path
    .toLowerCase()
    .replace(/^github\.com\//, "github-")
    .replace(/^golang\.org\/x\//, "x-")
    .replace(/^gopkg\.in\//, "gopkg-")
    .replaceAll(/[/.]/g, "-");
}

/** Capabilities that files give: rpm's own generators, as far as names tell. */
export function capabilitiesOfFile(path: string): string[] {
  const pc = /\/(?:lib|lib64|share)\/pkgconfig\/([^/*?[\]{}]+)\.pc$/.exec(path)?.[1];
  if (pc !== undefined) return [`pkgconfig(${pc})`];
  const cmake = /\/cmake\/(?:[^/]+\/)?([^/*?[\]{}]+?)(?:Config|-config)\.cmake$/.exec(path)?.[1];
  if (cmake !== undefined) return [`cmake(${cmake})`, `cmake(${cmake.toLowerCase()})`];
  // A listed folder holds the config file of the same name.
  const folder = /\/lib(?:64)?\/cmake\/([^/*?[\]{}]+)\/?(?:\*(?:\.cmake)?)?$/.exec(path)?.[1];
  if (folder !== undefined) return [`cmake(${folder})`, `cmake(${folder.toLowerCase()})`];
  return [];
}
