/** The name of podwall's own settings, which lie among manifests and are none. */
export const settingsFile = "podwall.yaml";

/** Whether a file of that name has settings. A manifest may be called so too, and must not be passed over. */
export function isSettings(text: string): boolean {
  return !/^[ \t]*(?:\{.*)?["']?apiVersion["']?[ \t]*:/m.test(text);
}
