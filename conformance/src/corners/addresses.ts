// Addresses of the outside, from those that are kept for documentation (RFC 5737).
export const blockOutside = "203.0.113.0/24";
export const friendOutside = "203.0.113.10";
export const strangerOutside = "203.0.113.20";
/** A load balancer's. */
export const balancerAddress = "198.51.100.10";
