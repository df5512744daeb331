import { SaxesParser } from "saxes";
import { messageOf, WeirError } from "../../core/index.ts";
import type {
  Arches,
  Comps,
  CompsCategory,
  CompsEnvironment,
  CompsGroup,
  CompsPackage,
  CompsPackageKind,
} from "./types.ts";

const mostBytes = 64 << 20;
const mostDepth = 32;
const kinds: ReadonlySet<string> = new Set(["mandatory", "default", "optional", "conditional"]);

interface Draft {
  id: string;
  name: string;
  description: string;
  nameIn: Record<string, string>;
  descriptionIn: Record<string, string>;
  displayOrder: number | undefined;
  default: boolean;
  userVisible: boolean;
  languageOnly: string | undefined;
  biarchOnly: boolean | undefined;
  arches: Arches | undefined;
  packages: CompsPackage[];
  groups: string[];
  groupArches: Record<string, Arches>;
  options: { id: string; default: boolean; arches?: Arches }[];
}

/**
 * Reads comps.xml (UTF-8, opened). Elements it does not know are passed over. Errors: `COMPS_MALFORMED` with line and column. `file` is for
 * messages.
 */
export function parseComps(bytes: Uint8Array, file: string): Comps {
  return new CompsReader(file).read(bytes);
}

class CompsReader {
  readonly #parser = new SaxesParser({ xmlns: false, position: true });
  readonly #file: string;
  readonly #path: string[] = [];
  readonly #groups: CompsGroup[] = [];
  readonly #categories: CompsCategory[] = [];
  readonly #environments: CompsEnvironment[] = [];
  readonly #langpacks: { name: string; install: string }[] = [];
  readonly #blacklist: { name: string; arch: string }[] = [];
  readonly #whiteout: { requires: string; package: string }[] = [];
  #draft: Draft | undefined;
  #text = "";
  #attributes: ReadonlyMap<string, string> = new Map();

  constructor(file: string) {
    this.#file = file;
    const parser = this.#parser;
    parser.on("error", (error) => {
      throw this.#fail(messageOf(error).replace(/^\d+:\d+: /, ""));
    });
    parser.on("doctype", (text) => {
      // Real files name a DTD; one that declares entities of its own is refused.
      if (text.includes("[")) throw this.#fail("a document type with declarations of its own");
    });
    parser.on("opentag", (tag) =>
      this.#open(tag.name, new Map(Object.entries(tag.attributes as Record<string, string>))),
    );
    parser.on("closetag", () => this.#close());
    parser.on("text", (part) => {
      this.#text += part;
    });
    parser.on("cdata", (part) => {
      this.#text += part;
    });
  }

  read(bytes: Uint8Array): Comps {
    if (bytes.length > mostBytes) throw this.#fail(`comps has more than ${mostBytes} bytes`);
    this.#parser.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")).close();
    return {
      groups: this.#groups,
      categories: this.#categories,
      environments: this.#environments,
      langpacks: this.#langpacks,
      ...(this.#blacklist.length === 0 ? {} : { blacklist: this.#blacklist }),
      ...(this.#whiteout.length === 0 ? {} : { whiteout: this.#whiteout }),
    };
  }

  #fail(message: string): WeirError {
    return new WeirError("COMPS_MALFORMED", message, {
      where: { file: this.#file, line: this.#parser.line, column: this.#parser.column + 1 },
      hints: ["the file is damaged, or is no comps.xml"],
    });
  }

  #open(name: string, attributes: ReadonlyMap<string, string>): void {
    if (this.#path.length === 0 && name !== "comps") throw this.#fail(`the document is <${name}>, not <comps>`);
    if (this.#path.length >= mostDepth) throw this.#fail("elements nested too deeply");
    this.#path.push(name);
    this.#text = "";
    this.#attributes = attributes;
    if (this.#path.length === 2 && (name === "group" || name === "category" || name === "environment")) {
      this.#draft = emptyDraft(archesOf(attributes));
    } else if (this.#path.length === 3) this.#listed(name, (key) => attributes.get(key) ?? "");
  }

  /** What the lists beside the groups have: all of it is in attributes. */
  #listed(name: string, value: (key: string) => string): void {
    const list = this.#path[1];
    if (list === "langpacks" && name === "match") {
      this.#langpacks.push({ name: value("name"), install: value("install") });
    } else if (list === "blacklist" && name === "package") {
      this.#blacklist.push({ name: value("name"), arch: value("arch") });
    } else if (list === "whiteout" && name === "ignoredep") {
      this.#whiteout.push({ requires: value("requires"), package: value("package") });
    }
  }

  #close(): void {
    const name = this.#path.pop() ?? "";
    const text = this.#text.trim();
    this.#text = "";
    const draft = this.#draft;
    if (draft === undefined) return;
    if (this.#path.length === 1) this.#finish(name, draft);
    else if (this.#path.length === 2) this.#field(draft, name, text);
    else if (this.#path.length === 3) this.#item(draft, name, text);
    this.#attributes = new Map();
  }

  #field(draft: Draft, name: string, text: string): void {
    const language = this.#attributes.get("xml:lang");
    switch (name) {
      case "id":
        draft.id = text;
        break;
      case "name":
        if (language === undefined) draft.name = text;
        else setOwn(draft.nameIn, language, text);
        break;
      case "description":
        if (language === undefined) draft.description = text;
        else setOwn(draft.descriptionIn, language, text);
        break;
      case "default":
        draft.default = this.#boolean(text);
        break;
      case "uservisible":
        draft.userVisible = this.#boolean(text);
        break;
      case "display_order":
        if (!/^-?\d{1,9}$/.test(text)) throw this.#fail(`display_order is no number: ${text.slice(0, 40)}`);
        draft.displayOrder = Number(text);
        break;
      case "biarchonly":
        draft.biarchOnly = this.#boolean(text);
        break;
      case "langonly":
        draft.languageOnly = text;
        break;
      default:
    }
  }

  #item(draft: Draft, name: string, text: string): void {
    const list = this.#path[2];
    if (name === "packagereq" && list === "packagelist") {
      const kind = this.#attributes.get("type") ?? "mandatory";
      if (!kinds.has(kind)) throw this.#fail(`unknown type of package ${kind.slice(0, 40)}`);
      const requires = this.#attributes.get("requires");
      const baseArchOnly = this.#boolean(this.#attributes.get("basearchonly") ?? "");
      draft.packages.push({
        name: text,
        kind: kind as CompsPackageKind,
        ...(requires === undefined ? {} : { requires }),
        ...(baseArchOnly ? { baseArchOnly } : {}),
        ...optionalArches(archesOf(this.#attributes)),
      });
    } else if (name === "groupid" && list === "grouplist") {
      draft.groups.push(text);
      const arches = archesOf(this.#attributes);
      if (arches !== undefined) setOwn(draft.groupArches, text, arches);
    } else if (name === "groupid" && list === "optionlist") {
      const chosen = this.#boolean(this.#attributes.get("default") ?? "");
      draft.options.push({ id: text, default: chosen, ...optionalArches(archesOf(this.#attributes)) });
    }
  }

  #finish(kind: string, draft: Draft): void {
    this.#draft = undefined;
    if (draft.id === "") throw this.#fail(`a ${kind} without an id`);
    const { id, name, description, nameIn, descriptionIn, displayOrder } = draft;
    const arches = optionalArches(draft.arches);
    const described = { id, name, description, nameIn, descriptionIn, displayOrder, ...arches };
    const groupArches = Object.keys(draft.groupArches).length === 0 ? {} : { groupArches: draft.groupArches };
    if (kind === "group") {
      const { userVisible, languageOnly, packages } = draft;
      const biarchOnly = draft.biarchOnly === true ? { biarchOnly: true } : {};
      this.#groups.push({ ...described, default: draft.default, userVisible, languageOnly, ...biarchOnly, packages });
    } else if (kind === "category") this.#categories.push({ ...described, groups: draft.groups, ...groupArches });
    else this.#environments.push({ ...described, groups: draft.groups, ...groupArches, options: draft.options });
  }

  #boolean(text: string): boolean {
    const lower = text.toLowerCase();
    if (lower === "true" || lower === "1" || lower === "yes") return true;
    if (lower === "false" || lower === "0" || lower === "no" || lower === "") return false;
    throw this.#fail(`neither true nor false: ${text.slice(0, 40)}`);
  }
}

/** The words of `arch="x86_64,aarch64"`. */
function archesOf(attributes: ReadonlyMap<string, string>): Arches | undefined {
  const words = (attributes.get("arch") ?? "").split(/[\s,]+/).filter((word) => word !== "");
  return words.length === 0 ? undefined : words;
}

function optionalArches(arches: Arches | undefined): { readonly arches?: Arches } {
  return arches === undefined ? {} : { arches };
}

function emptyDraft(arches: Arches | undefined): Draft {
  return {
    id: "",
    name: "",
    description: "",
    nameIn: {},
    descriptionIn: {},
    displayOrder: undefined,
    default: false,
    userVisible: true,
    languageOnly: undefined,
    biarchOnly: undefined,
    arches,
    packages: [],
    groups: [],
    groupArches: {},
    options: [],
  };
}

/** Sets an own property whatever its name, `__proto__` included. */
function setOwn<T>(record: Record<string, T>, key: string, value: T): void {
  Object.defineProperty(record, key, { value, enumerable: true, writable: true, configurable: true });
}
