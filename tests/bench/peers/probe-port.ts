/** The TCP port that simulators, which answer for one port at a time, are asked about. */
export const probePort = 8080;
