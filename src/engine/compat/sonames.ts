/** The soname and version of a library capability `libx.so.1(VERSION)(64bit)`. */
export function parseSoname(capability: string): { readonly soname: string; readonly version: string } | undefined {
  const match = /^([^()/\s]+\.so(?:\.[^()/\s]+)?)(?:\(([^()]*)\))?(?:\(64bit\))?$/.exec(capability);
  return match ? { soname: match[1] as string, version: match[2] ?? "" } : undefined;
}

/** The part of a soname that stays when its number rises: `libicuuc` of `libicuuc.so.72`, `libfoo` of `libfoo-2.1.so`. */
export function sonameStem(soname: string): string {
  return soname.replace(/\.so(?:\..*)?$/, "").replace(/-?[0-9.]+$/, "");
}
