import { type Skip, WeirError } from "../../core/index.ts";
import { type IniEntry, type IniSection, parseIni } from "./ini.ts";
import type { RepoFile, RepoSection, RepoVariables } from "./types.ts";
import { replaceVariables } from "./variables.ts";

const twoDays = 48 * 3600;

/** Keys that say nothing about what is read, so that leaving them aside needs no word. */
const withoutEffect = new Set([
  "autorefresh",
  "bandwidth",
  "build_cache",
  "countme",
  "deltarpm",
  "deltarpm_percentage",
  "enabled_metadata",
  "enablegroups",
  "failovermethod",
  "fastestmirror",
  "keepcache",
  "keepalive",
  "max_parallel_downloads",
  "mediaid",
  "metadata_timer_sync",
  "minrate",
  "retries",
  "strict",
  "throttle",
  "timeout",
  "type",
  "ui_repoid_vars",
  "user_agent",
]);
const known = new Set([
  "baseurl",
  "cost",
  "enabled",
  "exclude",
  "excludepkgs",
  "gpgcheck",
  "gpgkey",
  "includepkgs",
  "metadata_expire",
  "metalink",
  "mirrorlist",
  "module_hotfixes",
  "name",
  "password",
  "pkg_gpgcheck",
  "priority",
  "repo_gpgcheck",
  "skip_if_unavailable",
  "sslcacert",
  "sslclientcert",
  "sslclientkey",
  "sslverify",
  "username",
]);

/**
 * Reads a `.repo` file (dnf.conf(5), REPO OPTIONS) and replaces the variables in it; `[main]` is passed over. `file` is for messages.
 * Errors: `REPOFILE_MALFORMED` with file and line.
 */
export function parseRepoFile(bytes: Uint8Array, file: string, variables: RepoVariables): RepoFile {
  const skips: Skip[] = [];
  const repositories: RepoSection[] = [];
  for (const section of parseIni(bytes, file)) {
    if (section.name === "main") continue;
    const reader = new SectionReader(section, file, variables);
    repositories.push(reader.read());
    skips.push(...reader.skips);
  }
  return { repositories, skips };
}

class SectionReader {
  readonly skips: Skip[] = [];
  readonly #section: IniSection;
  readonly #file: string;
  readonly #variables: RepoVariables;
  readonly #id: string;

  constructor(section: IniSection, file: string, variables: RepoVariables) {
    this.#section = section;
    this.#file = file;
    this.#variables = variables;
    this.#id = replaceVariables(section.name, variables);
  }

  read(): RepoSection {
    if (!/^[A-Za-z0-9_.:${}-]{1,200}$/.test(this.#id)) {
      throw this.#fail(this.#section, "the name of a repository has letters, digits and -_.: only");
    }
    this.#noteWhatIsLeft();
    return {
      id: this.#id,
      name: this.#text("name"),
      enabled: this.#flag("enabled", true),
      baseUrls: this.#list("baseurl"),
      mirrorlist: this.#text("mirrorlist"),
      metalink: this.#text("metalink"),
      priority: this.#number("priority", 99),
      cost: this.#number("cost", 1000),
      excludes: [...this.#list("excludepkgs"), ...this.#list("exclude")],
      includepkgs: this.#list("includepkgs"),
      moduleHotfixes: this.#flag("module_hotfixes", false),
      gpgcheck: this.#flag("pkg_gpgcheck", this.#flag("gpgcheck", false)),
      repoGpgcheck: this.#flag("repo_gpgcheck", false),
      gpgkeys: this.#list("gpgkey"),
      metadataExpire: this.#expire(),
      skipIfUnavailable: this.#flag("skip_if_unavailable", false),
      username: this.#text("username"),
      password: this.#text("password"),
      sslCaCert: this.#text("sslcacert"),
      sslClientCert: this.#text("sslclientcert"),
      sslClientKey: this.#text("sslclientkey"),
    };
  }

  #noteWhatIsLeft(): void {
    for (const [key, entry] of this.#section.entries) {
      const subject = `${this.#file}:${entry.line}`;
      if (key.startsWith("proxy")) {
        const reason = `${key} is not used: the variables https_proxy and http_proxy are`;
        this.skips.push({ subject, reason });
      } else if (key === "sslverify" && !this.#flag("sslverify", true)) {
        this.skips.push({ subject, reason: "sslverify=0 is not followed: certificates are always verified" });
      } else if (!known.has(key) && !withoutEffect.has(key)) {
        this.skips.push({ subject, reason: `${key.slice(0, 60)} is not known` });
      }
    }
  }

  #entry(key: string): IniEntry | undefined {
    const entry = this.#section.entries.get(key);
    return entry && { value: replaceVariables(entry.value, this.#variables), line: entry.line };
  }

  #text(key: string): string | undefined {
    const value = this.#entry(key)?.value;
    return value === undefined || value === "" ? undefined : value;
  }

  #list(key: string): string[] {
    return (this.#entry(key)?.value ?? "").split(/[\s,]+/).filter((word) => word !== "");
  }

  #flag(key: string, otherwise: boolean): boolean {
    const entry = this.#entry(key);
    if (entry === undefined || entry.value === "") return otherwise;
    const value = entry.value.toLowerCase();
    if (["1", "yes", "true", "on"].includes(value)) return true;
    if (["0", "no", "false", "off"].includes(value)) return false;
    throw this.#fail(entry, `${key} is neither 1 nor 0 but ${value.slice(0, 40)}`);
  }

  #number(key: string, otherwise: number): number {
    const entry = this.#entry(key);
    if (entry === undefined || entry.value === "") return otherwise;
    if (!/^-?\d{1,9}$/.test(entry.value)) throw this.#fail(entry, `${key} is no number: ${entry.value.slice(0, 40)}`);
    return Number(entry.value);
  }

  #expire(): number | undefined {
    const entry = this.#entry("metadata_expire");
    if (entry === undefined || entry.value === "") return twoDays;
    if (entry.value === "never" || entry.value === "-1") return undefined;
    const [, digits, unit] = /^(\d{1,9}(?:\.\d{1,9})?)\s*([smhdSMHD]?)$/.exec(entry.value) ?? [];
    if (digits === undefined) {
      throw this.#fail(entry, `metadata_expire is no time such as 6h, 2d, never: ${entry.value.slice(0, 40)}`);
    }
    const factors: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86400 };
    return Math.floor(Number(digits) * (factors[(unit ?? "").toLowerCase()] ?? 1));
  }

  #fail(at: { readonly line: number }, message: string): WeirError {
    return new WeirError("REPOFILE_MALFORMED", `[${this.#section.name.slice(0, 80)}] ${message}`, {
      where: { file: this.#file, line: at.line },
      hints: ["dnf.conf(5) says what a repository's options may hold"],
    });
  }
}
