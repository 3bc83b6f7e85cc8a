/**
 * Job controller and kubelet for a machine without containers.
 *
 * <p>{@link dev.fleetway.sandbox.jobs.LocalJobs} watches Jobs and Pods of any API server. Per Job a
 * {@code JobRun} decides, as the Job controller does, which index needs a pod and when the Job is
 * over; the pure parts are {@code FailurePolicy} and {@code JobStatusFactory}. Per pod a {@code
 * PodRun} does what a kubelet does: the volumes become a directory ({@code PodFiles}), the
 * container becomes a process of this machine ({@code PodProcess}), exit code and termination
 * message become the pod's status.
 *
 * <p>Everything that decides runs on one thread; waiting for the API server and for processes
 * happens on others, which hand their findings to it. Only the runner's image can be started: there
 * is no container runtime, and any other image stays in {@code ImagePullBackOff}.
 */
package dev.fleetway.sandbox.jobs;
