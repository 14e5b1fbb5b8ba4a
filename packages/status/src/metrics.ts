/**
 * A status document as metrics for Prometheus.
 *
 * Every series of a service has the label `service`, its path; what is a listener, a client or a timer is told by its facts, so that
 * services of other kinds that have the same facts are counted like them. Names of the process and the loop are those of the client library for
 * Node, so that its dashboards work.
 *
 * @module
 */
import type { Fact, Seconds } from '@sennit/interfaces'
import { type Family, type Labels, PrometheusText } from './prometheus-text.ts'
import type { EventLoopStatus, ProcessStatus, StatusDocument, StatusNode } from './status-document.ts'

/** Delays of the loop are those of so many intervals. */
const RECENT = 60

const READY = gauge('sennit_ready', 'Whether new work may be sent.')
const STATE = gauge('sennit_service_state', 'The state that a service is in: 1.')
const SINCE = gauge(
  'sennit_service_state_since_timestamp_seconds',
  'When a service entered the state that it is in.',
)
const TRUNCATED = gauge('sennit_tree_truncated', 'Whether services were left out because there are too many.')

/** The families of one kind of service: which fact is which metric. */
interface Kind {
  /** The fact by which the kind is known. */
  readonly known: string
  readonly metrics: readonly (readonly [fact: string, family: Family])[]
}

const KINDS: readonly Kind[] = [
  {
    known: 'accepted',
    metrics: [
      ['connections', gauge('sennit_listener_connections', 'Connections that are open now.')],
      ['waiting', gauge('sennit_listener_waiting_connections', 'Connections that wait for the start.')],
      ['accepted', counter('sennit_listener_accepted_connections_total', 'Connections that were served.')],
      ['refused', counter('sennit_listener_refused_connections_total', 'Connections that were refused.')],
      ['bytesRead', counter('sennit_listener_received_bytes_total', 'Bytes that came in.')],
      ['bytesWritten', counter('sennit_listener_sent_bytes_total', 'Bytes that went out.')],
    ],
  },
  {
    known: 'received',
    metrics: [
      ['received', counter('sennit_datagram_received_total', 'Datagrams that came in.')],
      ['dropped', counter('sennit_datagram_dropped_total', 'Datagrams that came before the start.')],
      ['sent', counter('sennit_datagram_sent_total', 'Datagrams that went out.')],
      ['failures', counter('sennit_datagram_failures_total', 'Datagrams that could not be sent.')],
    ],
  },
  {
    known: 'connection',
    metrics: [
      ['attempts', counter('sennit_client_attempts_total', 'Attempts to connect.')],
      ['connections', counter('sennit_client_connections_total', 'Connections that were made.')],
      ['failures', gauge('sennit_client_failures_in_a_row', 'Failures since the last connection.')],
      ['retryIn', gauge('sennit_client_retry_delay_seconds', 'The delay before the next attempt.')],
    ],
  },
  {
    known: 'runs',
    metrics: [
      ['runs', counter('sennit_timer_runs_total', 'Runs that were begun.')],
      [
        'missed',
        counter(
          'sennit_timer_missed_total',
          'Intervals without a run, because the one before took too long.',
        ),
      ],
      ['errors', counter('sennit_timer_errors_total', 'Runs that failed.')],
      ['lastRun', gauge('sennit_timer_last_run_timestamp_seconds', 'When the last run began.')],
      ['runTime', gauge('sennit_timer_last_run_duration_seconds', 'How long the last run took.')],
      ['nextRun', gauge('sennit_timer_next_run_timestamp_seconds', 'When the next run is due.')],
    ],
  },
  {
    known: 'longestStep',
    metrics: [
      ['tasks', gauge('sennit_cooperator_tasks', 'Tasks that are not done.')],
      ['steps', counter('sennit_cooperator_steps_total', 'Steps that were begun.')],
      ['longestStep', gauge('sennit_cooperator_longest_step_seconds', 'The longest step that was measured.')],
    ],
  },
]

const CONNECTED = gauge('sennit_client_connected', 'Whether a client is connected.')

/** The text of all that a document tells. */
export function metricsOf({ ready, truncated, process, eventLoop, tree }: StatusDocument): string {
  const text = new PrometheusText()
  addProcess(text, process)
  addLoop(text, eventLoop)
  text.add(READY, Number(ready))
  text.add(TRUNCATED, Number(truncated))
  const work: StatusNode[] = [tree]
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    // A task comes and goes: it would be a new series each time.
    if (node.kind === 'CooperativeTask') continue
    addService(text, node)
    work.push(...node.children.toReversed())
  }
  return String(text)
}

function addService(text: PrometheusText, { path, kind, state, since, facts }: StatusNode): void {
  const labels: Labels = { service: path }
  text.add(STATE, 1, { ...labels, kind, state: asWord(state) })
  text.add(SINCE, since, labels)
  for (const { known, metrics } of KINDS) {
    if (!Object.hasOwn(facts, known)) continue
    if (known === 'connection') text.add(CONNECTED, Number(facts['connection'] === 'connected'), labels)
    for (const [fact, family] of metrics) text.add(family, asNumber(facts[fact]), labels)
  }
}

function addProcess(text: PrometheusText, { cpu, memory, node, startedAt }: ProcessStatus): void {
  const { user, system } = cpu
  text.add(counter('process_cpu_user_seconds_total', 'Time of processors in the program.'), user)
  text.add(counter('process_cpu_system_seconds_total', 'Time of processors in the system.'), system)
  text.add(counter('process_cpu_seconds_total', 'Time of processors.'), user + system)
  text.add(gauge('process_start_time_seconds', 'When the process began.'), startedAt)
  text.add(gauge('process_resident_memory_bytes', 'Memory in use.'), memory.rss)
  text.add(gauge('nodejs_heap_size_total_bytes', 'The size of the heap.'), memory.heapTotal)
  text.add(gauge('nodejs_heap_size_used_bytes', 'What of the heap is in use.'), memory.heapUsed)
  text.add(gauge('nodejs_external_memory_bytes', 'Memory of objects outside the heap.'), memory.external)
  text.add(gauge('nodejs_version_info', 'The version of Node: 1.'), 1, { version: node })
}

function addLoop(text: PrometheusText, { history }: EventLoopStatus): void {
  const recent = history.slice(-RECENT)
  if (recent.length === 0) return
  const largest = (pick: (delay: (typeof recent)[number]) => Seconds): Seconds =>
    Math.max(...recent.map(pick))
  const mean = recent.reduce((sum, delay) => sum + delay.mean, 0) / recent.length
  const last = `in the last ${RECENT} s`
  text.add(gauge('nodejs_eventloop_lag_mean_seconds', `How late the loop was on average ${last}.`), mean)
  text.add(
    gauge('nodejs_eventloop_lag_p99_seconds', `The largest 99 % quantile of one second ${last}.`),
    largest(({ p99 }) => p99),
  )
  text.add(
    gauge('nodejs_eventloop_lag_max_seconds', `How late the loop was at most ${last}.`),
    largest(({ max }) => max),
  )
}

/** States are words; one that says more, such as how far it is, would be a new series each time. */
function asWord(state: string): string {
  return /^[a-z][a-z -]{0,30}$/i.test(state) ? state : 'other'
}

function asNumber(fact: Fact | undefined): number | undefined {
  return typeof fact === 'number' ? fact : undefined
}

function gauge(name: string, help: string): Family {
  return { name, type: 'gauge', help }
}

function counter(name: string, help: string): Family {
  return { name, type: 'counter', help }
}
