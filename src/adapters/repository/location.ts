import { WeirError } from "../../core/index.ts";
import { httpUrl, shown } from "./http.ts";

/** An address of a repository's folder: ends with a slash, without query and fragment. Errors: `REPOSITORY_BAD_ADDRESS`. */
export function baseUrl(text: string): URL {
  const url = httpUrl(text);
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}

/**
 * The address of what a repository names, always below its base. `xmlBase` may move the base, but not to another host and not from https
 * to http. Errors: `REPOSITORY_OUTSIDE`.
 */
export function urlBelow(base: URL, location: string, xmlBase?: string): URL {
  const from = xmlBase === undefined || xmlBase === "" ? base : movedBase(base, location, xmlBase);
  const outside = () => leaves(base, location, "leaves the repository");
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(location) || /^[/\\]/.test(location) || /[\0\\]/.test(location)) throw outside();
  const text = location
    .replace(/%(?![0-9A-Fa-f]{2})/g, "%25")
    .replace(/\?/g, "%3F")
    .replace(/#/g, "%23");
  // The `./` keeps a first segment with a colon from being a scheme.
  const found = URL.canParse(`./${text}`, from.href) ? new URL(`./${text}`, from.href) : undefined;
  if (found === undefined || found.host !== from.host || found.protocol !== from.protocol) throw outside();
  if (!found.pathname.startsWith(from.pathname) || found.pathname === from.pathname) throw outside();
  if (/%2f|%5c|%00|(?:^|\/)(?:\.|%2e){2}(?:\/|$)/i.test(found.pathname.slice(from.pathname.length))) throw outside();
  found.username = base.username;
  found.password = base.password;
  return found;
}

function movedBase(base: URL, location: string, xmlBase: string): URL {
  const moved = URL.canParse(xmlBase, base.href) ? new URL(xmlBase, base.href) : undefined;
  if (moved === undefined || moved.host !== base.host || moved.protocol !== base.protocol) {
    throw leaves(base, location, "has an xml:base of another host");
  }
  moved.search = "";
  moved.hash = "";
  if (!moved.pathname.endsWith("/")) moved.pathname += "/";
  return moved;
}

function leaves(base: URL, location: string, why: string): WeirError {
  return new WeirError("REPOSITORY_OUTSIDE", `${location.slice(0, 200)} ${why}`, {
    where: shown(base),
    hints: ["the repository's metadata is wrong, or means harm: nothing of it was fetched"],
  });
}

/** The folder of the repository whose repomd.xml lies at that address, or undefined when it lies nowhere as usual. */
export function folderOfRepomd(address: string): URL | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if ((url.protocol !== "https:" && url.protocol !== "http:") || !url.pathname.endsWith("/repodata/repomd.xml")) {
    return undefined;
  }
  url.pathname = url.pathname.slice(0, -"repodata/repomd.xml".length);
  return baseUrl(url.href);
}
