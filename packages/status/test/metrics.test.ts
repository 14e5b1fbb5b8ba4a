import { describe, expect, it } from 'vitest'
import { metricsOf } from '../src/metrics.ts'
import type { StatusDocument, StatusNode } from '../src/status-document.ts'

function node(part: Partial<StatusNode>): StatusNode {
  return {
    path: 'api',
    kind: 'Service',
    name: 'api',
    state: 'running',
    since: 5,
    error: null,
    facts: {},
    children: [],
    ...part,
  }
}

function documentOf(tree: StatusNode): StatusDocument {
  const late = { mean: 0.001, p50: 0.001, p99: 0.02, max: 0.3 }
  return {
    format: 1,
    time: 1000,
    ready: true,
    process: {
      pid: 1,
      title: 'api',
      node: 'v24.0.0',
      platform: 'linux',
      startedAt: 900,
      cpu: { user: 2, system: 0.5 },
      memory: { rss: 100, heapTotal: 80, heapUsed: 60, external: 4 },
    },
    eventLoop: {
      interval: 1,
      history: [
        { ...late, time: 1 },
        { time: 2, mean: 0.003, p50: 0, p99: 0.01, max: 0.1 },
      ],
    },
    interval: 1,
    truncated: false,
    tree,
  }
}

const linesOf = (tree: StatusNode): string[] => metricsOf(documentOf(tree)).split('\n')

describe('metricsOf', () => {
  it('tells of the process and its loop', () => {
    expect(linesOf(node({}))).toEqual(
      expect.arrayContaining([
        'process_cpu_user_seconds_total 2',
        'process_cpu_system_seconds_total 0.5',
        'process_cpu_seconds_total 2.5',
        'process_start_time_seconds 900',
        'process_resident_memory_bytes 100',
        'nodejs_heap_size_total_bytes 80',
        'nodejs_heap_size_used_bytes 60',
        'nodejs_external_memory_bytes 4',
        'nodejs_version_info{version="v24.0.0"} 1',
        'nodejs_eventloop_lag_mean_seconds 0.002',
        'nodejs_eventloop_lag_p99_seconds 0.02',
        'nodejs_eventloop_lag_max_seconds 0.3',
        'sennit_ready 1',
        'sennit_tree_truncated 0',
      ]),
    )
  })

  it('tells that no work may be sent, and that services were left out', () => {
    const lines = metricsOf({ ...documentOf(node({})), ready: false, truncated: true }).split('\n')
    expect(lines).toContain('sennit_ready 0')
    expect(lines).toContain('sennit_tree_truncated 1')
  })

  it('tells the state of each service', () => {
    const lines = linesOf(node({ children: [node({ path: 'api/db', state: 'failed', since: null })] }))
    expect(lines).toContain('sennit_service_state{service="api",kind="Service",state="running"} 1')
    expect(lines).toContain('sennit_service_state{service="api/db",kind="Service",state="failed"} 1')
    expect(lines).toContain('sennit_service_state_since_timestamp_seconds{service="api"} 5')
    expect(lines.filter((line) => line.includes('since_timestamp_seconds{service="api/db"'))).toEqual([])
  })

  it.each([
    [
      'a listener',
      { connections: 3, accepted: 10, refused: 1, waiting: 0, bytesRead: 100, bytesWritten: 200 },
      [
        'sennit_listener_connections{service="api"} 3',
        'sennit_listener_accepted_connections_total{service="api"} 10',
        'sennit_listener_refused_connections_total{service="api"} 1',
        'sennit_listener_waiting_connections{service="api"} 0',
        'sennit_listener_received_bytes_total{service="api"} 100',
        'sennit_listener_sent_bytes_total{service="api"} 200',
      ],
    ],
    [
      'datagrams',
      { received: 5, dropped: 1, sent: 4, failures: 2 },
      [
        'sennit_datagram_received_total{service="api"} 5',
        'sennit_datagram_dropped_total{service="api"} 1',
        'sennit_datagram_sent_total{service="api"} 4',
        'sennit_datagram_failures_total{service="api"} 2',
      ],
    ],
    [
      'a client that waits',
      { connection: 'waiting', failures: 2, attempts: 7, connections: 3, retryIn: 1.5 },
      [
        'sennit_client_connected{service="api"} 0',
        'sennit_client_attempts_total{service="api"} 7',
        'sennit_client_connections_total{service="api"} 3',
        'sennit_client_failures_in_a_row{service="api"} 2',
        'sennit_client_retry_delay_seconds{service="api"} 1.5',
      ],
    ],
    [
      'a client that is connected',
      { connection: 'connected', failures: 0, attempts: 7, connections: 3, retryIn: null },
      [
        'sennit_client_connected{service="api"} 1',
        'sennit_client_attempts_total{service="api"} 7',
        'sennit_client_connections_total{service="api"} 3',
        'sennit_client_failures_in_a_row{service="api"} 0',
      ],
    ],
    [
      'a timer',
      { runs: 9, missed: 2, errors: 1, lastRun: 990, runTime: 0.25, nextRun: 1000 },
      [
        'sennit_timer_runs_total{service="api"} 9',
        'sennit_timer_missed_total{service="api"} 2',
        'sennit_timer_errors_total{service="api"} 1',
        'sennit_timer_last_run_timestamp_seconds{service="api"} 990',
        'sennit_timer_last_run_duration_seconds{service="api"} 0.25',
        'sennit_timer_next_run_timestamp_seconds{service="api"} 1000',
      ],
    ],
    [
      'a cooperator',
      { tasks: 2, steps: 1000, longestStep: 0.004 },
      [
        'sennit_cooperator_tasks{service="api"} 2',
        'sennit_cooperator_steps_total{service="api"} 1000',
        'sennit_cooperator_longest_step_seconds{service="api"} 0.004',
      ],
    ],
  ])('tells the facts of %s', (_, facts, wanted) => {
    const lines = linesOf(node({ facts }))
    expect(lines).toEqual(expect.arrayContaining(wanted))
    const made = lines.filter((line) => /^sennit_(listener|datagram|client|timer|cooperator)/.test(line))
    expect(made).toHaveLength(wanted.length)
  })

  it('makes no series of states that are more than a word', () => {
    expect(linesOf(node({ state: 'step 3 of 10' }))).toContain(
      'sennit_service_state{service="api",kind="Service",state="other"} 1',
    )
    expect(linesOf(node({ state: 'out of order' }))).toContain(
      'sennit_service_state{service="api",kind="Service",state="out of order"} 1',
    )
  })

  it('makes no series of tasks, which come and go', () => {
    const text = metricsOf(
      documentOf(
        node({ children: [node({ path: 'api/task', kind: 'CooperativeTask', facts: { longestStep: 1 } })] }),
      ),
    )
    expect(text).not.toContain('api/task')
  })

  it('says nothing of a loop that was not measured yet', () => {
    const { eventLoop, ...rest } = documentOf(node({}))
    expect(metricsOf({ ...rest, eventLoop: { ...eventLoop, history: [] } })).not.toContain('eventloop')
  })
})
