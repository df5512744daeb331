import { type Element, malformed, readTree } from "./tree.ts";
import type {
  KiwiCommand,
  KiwiContainer,
  KiwiImage,
  KiwiPackage,
  KiwiPackages,
  KiwiPackagesType,
  KiwiPreferences,
  KiwiProfile,
  KiwiType,
  KiwiUnknown,
} from "./types.ts";

/**
 * Reads a kiwi image description (`*.kiwi`, `config.xml`), see https://osinside.github.io/kiwi/image_description/elements.html. Elements
 * that it does not know are in `unknown`; values it cannot take are errors. Errors: `KIWI_MALFORMED` with the line. `file` is for messages.
 */
export function readKiwi(bytes: Uint8Array, file: string): KiwiImage {
  const root = readTree(bytes, file);
  if (root.name !== "image") throw malformed(`the root element is ${root.name}, not image`, file, root.line);
  const reader = new Reader(file);
  return reader.image(root);
}

const packageTypes = new Set<string>(["image", "bootstrap", "delete", "uninstall", "iso", "oem"]);

class Reader {
  readonly #file: string;
  readonly #unknown: KiwiUnknown[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  image(root: Element): KiwiImage {
    const description = { author: "", contact: "", specification: "" };
    const profiles: KiwiProfile[] = [];
    const preferences: KiwiPreferences[] = [];
    const packages: KiwiPackages[] = [];
    const repositories: { alias: string; type: string; path: string }[] = [];
    this.#each(root, {
      description: (element) =>
        this.#each(element, {
          author: ({ text }) => (description.author = text),
          contact: ({ text }) => (description.contact = text),
          specification: ({ text }) => (description.specification = text),
        }),
      profiles: (element) => this.#each(element, { profile: (child) => profiles.push(this.#profile(child)) }),
      preferences: (element) => preferences.push(this.#preferences(element)),
      packages: (element) => packages.push(this.#packages(element)),
      repository: (element) => {
        let path = "";
        this.#each(element, { source: (child) => (path = child.attributes.path ?? "") });
        repositories.push({ alias: element.attributes.alias ?? "", type: element.attributes.type ?? "", path });
      },
    });
    const known = new Set(profiles.map((profile) => profile.name));
    for (const used of [...preferences, ...packages].flatMap((section) => section.profiles)) {
      if (!known.has(used)) throw malformed(`the profile ${used} is used but not described`, this.#file, root.line);
    }
    return {
      name: this.#required(root, "name"),
      displayName: root.attributes.displayname ?? "",
      schemaVersion: root.attributes.schemaversion ?? "",
      description,
      profiles,
      preferences,
      packages,
      repositories,
      unknown: this.#unknown,
    };
  }

  #profile(element: Element): KiwiProfile {
    const requires: string[] = [];
    this.#each(element, { requires: (child) => requires.push(this.#required(child, "profile")) });
    return {
      name: this.#required(element, "name"),
      description: element.attributes.description ?? "",
      import: this.#flag(element.attributes.import, element) ?? false,
      requires,
    };
  }

  #preferences(element: Element): KiwiPreferences {
    const texts: Record<string, string> = {};
    const types: KiwiType[] = [];
    let excludeDocs: boolean | undefined;
    const text = (child: Element) => (texts[child.name] = child.text);
    this.#each(element, {
      version: text,
      packagemanager: text,
      locale: text,
      keytable: text,
      timezone: text,
      "release-version": text,
      "rpm-excludedocs": (child) => (excludeDocs = this.#flag(child.text, child)),
      "rpm-check-signatures": () => undefined,
      type: (child) => types.push(this.#type(child)),
    });
    return {
      profiles: words(element.attributes.profiles),
      version: texts.version,
      packageManager: texts.packagemanager,
      locale: texts.locale,
      keytable: texts.keytable,
      timezone: texts.timezone,
      releaseVersion: texts["release-version"],
      excludeDocs,
      types,
    };
  }

  #type(element: Element): KiwiType {
    let container: KiwiContainer | undefined;
    this.#each(element, { containerconfig: (child) => (container = this.#container(child)) });
    return { image: this.#required(element, "image"), attributes: element.attributes, container, line: element.line };
  }

  #container(element: Element): KiwiContainer {
    const { attributes } = element;
    const expose: string[] = [];
    const volumes: string[] = [];
    const environment: [string, string][] = [];
    const labels: [string, string][] = [];
    let entrypoint: KiwiCommand | undefined;
    let subcommand: KiwiCommand | undefined;
    let history = { author: "", createdBy: "", comment: "" };
    const pair = (child: Element): [string, string] => [this.#required(child, "name"), child.attributes.value ?? ""];
    this.#each(element, {
      entrypoint: (child) => (entrypoint = this.#command(child)),
      subcommand: (child) => (subcommand = this.#command(child)),
      expose: (child) => this.#each(child, { port: (port) => expose.push(this.#port(port)) }),
      volumes: (child) => this.#each(child, { volume: (volume) => volumes.push(this.#required(volume, "name")) }),
      environment: (child) => this.#each(child, { env: (env) => environment.push(pair(env)) }),
      labels: (child) => this.#each(child, { label: (label) => labels.push(pair(label)) }),
      history: (child) => {
        history = {
          author: child.attributes.author ?? "",
          createdBy: child.attributes.created_by ?? "",
          comment: child.text,
        };
      },
    });
    return {
      name: this.#required(element, "name"),
      tag: attributes.tag ?? "latest",
      additionalNames: words(attributes.additionalnames ?? attributes.additionaltags),
      user: attributes.user ?? "",
      workingDirectory: attributes.workingdir ?? "",
      maintainer: attributes.maintainer ?? "",
      entrypoint,
      subcommand,
      expose,
      volumes,
      environment,
      labels,
      history,
    };
  }

  #command(element: Element): KiwiCommand {
    const args: string[] = [];
    this.#each(element, { argument: (child) => args.push(this.#required(child, "name")) });
    if (this.#flag(element.attributes.clear, element) === true) return { argv: [], clear: true };
    return { argv: [this.#required(element, "execute"), ...args], clear: false };
  }

  #port(element: Element): string {
    const number = this.#required(element, "number");
    const match = /^(\d{1,5})(\/(?:tcp|udp))?$/.exec(number);
    if (!match || Number(match[1]) > 65_535) throw malformed(`no port: ${number}`, this.#file, element.line);
    return number;
  }

  #packages(element: Element): KiwiPackages {
    const type = this.#required(element, "type");
    if (!packageTypes.has(type)) throw malformed(`packages of the unknown type ${type}`, this.#file, element.line);
    const packages: KiwiPackage[] = [];
    const ignored: KiwiPackage[] = [];
    const collections: string[] = [];
    const named = (child: Element): KiwiPackage => ({
      name: this.#required(child, "name"),
      arch: child.attributes.arch,
      line: child.line,
    });
    this.#each(element, {
      package: (child) => packages.push(named(child)),
      ignore: (child) => ignored.push(named(child)),
      namedCollection: (child) => collections.push(this.#required(child, "name")),
    });
    return {
      type: type as KiwiPackagesType,
      profiles: words(element.attributes.profiles),
      packages,
      collections,
      ignored,
    };
  }

  #each(element: Element, known: Readonly<Record<string, (child: Element) => unknown>>): void {
    for (const child of element.children) {
      const handle = Object.hasOwn(known, child.name) ? known[child.name] : undefined;
      if (handle) handle(child);
      else this.#unknown.push({ element: `${element.name}/${child.name}`, line: child.line });
    }
  }

  #required(element: Element, name: string): string {
    const value = Object.hasOwn(element.attributes, name) ? element.attributes[name] : undefined;
    if (value !== undefined && value !== "") return value;
    throw malformed(`<${element.name}> has no ${name}`, this.#file, element.line);
  }

  #flag(text: string | undefined, element: Element): boolean | undefined {
    if (text === undefined || text === "") return undefined;
    if (text === "true") return true;
    if (text === "false") return false;
    throw malformed(`<${element.name}> wants true or false, not ${text}`, this.#file, element.line);
  }
}

function words(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
