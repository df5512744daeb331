/** The proxy that the environment names for an address (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`), or undefined. */
export function proxyFor(url: URL, environment: Readonly<Record<string, string | undefined>>): URL | undefined {
  const value = (name: string): string => environment[name] || environment[name.toUpperCase()] || "";
  if (isExcepted(url, value("no_proxy"))) return undefined;
  const text = value(url.protocol === "https:" ? "https_proxy" : "http_proxy") || value("all_proxy");
  if (text === "") return undefined;
  const address = text.includes("://") ? text : `http://${text}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  return proxy?.protocol === "http:" || proxy?.protocol === "https:" ? proxy : undefined;
}

/** Whether `no_proxy` (hosts, `.domain`, `host:port`, `*`) has this address. */
function isExcepted(url: URL, list: string): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list
    .slice(0, 100_000)
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, host = "", wanted] = /^(.*?)(?::(\d{1,5}))?$/.exec(entry.toLowerCase()) ?? [];
      if (wanted !== undefined && wanted !== port) return false;
      const name = host.replace(/^\*?\./, "");
      return name !== "" && (url.hostname === name || url.hostname.endsWith(`.${name}`));
    });
}

/** `Basic …` of an address' own user and password, or undefined where it has none. */
export function authorizationOf(url: URL): string | undefined {
  if (url.username === "" && url.password === "") return undefined;
  return basicAuthorization(decodeText(url.username), decodeText(url.password));
}

export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
