export { AccessError } from "./access/access-error.ts";
export type { ApiAccess, ApiCredentials, TlsSettings } from "./access/api-access.ts";
export { findAccess } from "./access/find-access.ts";
export { type InClusterOptions, inClusterAccess, isInCluster } from "./access/in-cluster.ts";
export { type KubeconfigAccessOptions, kubeconfigAccess } from "./access/kubeconfig-access.ts";
export { type Clock, sleep, systemClock } from "./clock.ts";
export { type ApiStatus, isExpired } from "./client/api-status.ts";
export {
  type ApiRequest,
  KubeClient,
  type KubeClientOptions,
  type PatchType,
  type Query,
  type WriteOptions,
} from "./client/kube-client.ts";
export { KubeError, type KubeErrorKind } from "./client/kube-error.ts";
export type { KubeObject, ObjectMeta } from "./client/kube-object.ts";
export { type Resource, type ResourceName, pathOf, resources } from "./client/resource.ts";
export { type RequestTokenOptions, requestToken } from "./review/request-token.ts";
export { type ReviewAccessOptions, reviewAccess } from "./review/review-access.ts";
export { type ReviewTokenOptions, type ReviewedUser, reviewToken } from "./review/review-token.ts";
export { type ListObjectsOptions, listObjects } from "./watch/list-objects.ts";
export { type FollowDefinitionOptions, followDefinition } from "./watch/follow-definition.ts";
export type { FollowDefinition, Installed } from "./watch/missing-resource.ts";
export type { Decode } from "./watch/read-item.ts";
export type { ObjectKey, WatchEvent, WatchProblem, WatchProblemCode } from "./watch/watch-event.ts";
export type { WatchLimits } from "./watch/watch-limits.ts";
export { type WatchOptions, watchResource } from "./watch/watch-resource.ts";
