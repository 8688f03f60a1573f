/** The version of this podwall: what every workspace's package.json says. */
export const version = "0.1.0";
