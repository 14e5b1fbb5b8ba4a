/**
 * The reactor of the process.
 *
 * Source: Twisted, `twisted/internet/main.py`, `installReactor`; `twisted/application/reactors.py`; `twisted/internet/reactor.py`.
 * Differs: the reactor is made when it is first asked for, not when a module is imported.
 *
 * @module
 */
import type {
  IInheritedSockets,
  IReactorCore,
  IReactorFiles,
  IReactorMulticast,
  IReactorPluggableNameResolver,
  IReactorResolve,
  IReactorSocket,
  IReactorSSL,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  IReactorUNIX,
  IReactorUNIXDatagram,
  ISystemEvents,
} from '@sennit/interfaces'
import { ReactorAlreadyInstalledError } from '@sennit/protocol'
import { getGlobalReactor, requireRole, setGlobalReactor, systemClock } from '@sennit/runtime'
import { NoSuchReactorError } from './errors.ts'
import { NodeReactor } from './node-reactor.ts'

/** All that a reactor can do. */
export interface Reactor
  extends
    IReactorTime,
    IReactorTCP,
    IReactorSSL,
    IReactorUNIX,
    IReactorUDP,
    IReactorUNIXDatagram,
    IReactorMulticast,
    IReactorSocket,
    IInheritedSockets,
    IReactorPluggableNameResolver,
    IReactorResolve,
    IReactorCore,
    ISystemEvents,
    IReactorFiles {}

/** What makes each role. */
const ROLES: Readonly<Record<string, readonly (keyof Reactor)[]>> = {
  IReactorTCP: ['listenTCP', 'connectTCP'],
  IReactorUDP: ['listenUDP'],
  IReactorSSL: ['listenSSL', 'connectSSL'],
  IReactorUNIX: ['listenUNIX', 'connectUNIX'],
  IReactorUNIXDatagram: ['listenUNIXDatagram', 'connectUNIXDatagram'],
  IReactorMulticast: ['listenMulticast'],
  IReactorSocket: ['adoptStreamPort', 'adoptStreamConnection', 'adoptDatagramPort'],
  IInheritedSockets: ['inheritedSockets'],
  IReactorPluggableNameResolver: ['installNameResolver'],
  IReactorResolve: ['resolve'],
  IReactorCore: ['run', 'stop', 'crash', 'callWhenRunning'],
  ISystemEvents: ['addSystemEventTrigger', 'removeSystemEventTrigger', 'fireSystemEvent'],
  IReactorFiles: ['readFile', 'readDirectory', 'watchFile'],
}

const kinds = new Map<string, () => IReactorTime>([['node', () => new NodeReactor()]])

/**
 * The reactor of the process; a `NodeReactor` is made and installed when there is none.
 *
 * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`) when the installed one cannot do all; `reactorWith` asks for one role
 */
export function getReactor(): Reactor {
  const reactor = ofProcess()
  if (!(reactor instanceof NodeReactor)) {
    for (const [role, methods] of Object.entries(ROLES)) requireRole<Reactor>(reactor, role, methods)
  }
  return reactor as Reactor
}

/**
 * Makes a reactor that of the process; only once, and before the first `getReactor()`.
 *
 * @param reactor - a reactor, or the name of a kind: `'node'`, or one that was registered
 * @throws ReactorAlreadyInstalledError (`ERR_SENNIT_REACTOR_INSTALLED`) when there is one already
 * @throws NoSuchReactorError (`ERR_SENNIT_NO_SUCH_REACTOR`) when no kind has the name
 */
export function installReactor(reactor: IReactorTime | string): void {
  if (getGlobalReactor() !== undefined) throw new ReactorAlreadyInstalledError()
  setGlobalReactor(typeof reactor === 'string' ? made(reactor) : reactor)
}

/** Names a kind of reactor, so that `installReactor` knows it. */
export function registerReactor(name: string, make: () => IReactorTime): void {
  kinds.set(name, make)
}

/**
 * The given reactor, as one that has a role; that of the process when none is given, or only the system clock.
 *
 * @param role - the role's name, for the error
 * @param methods - the methods that make the role
 * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`)
 */
export function reactorWith<R extends object>(
  reactor: IReactorTime | undefined,
  role: string,
  methods: readonly (keyof R & string)[],
): R {
  const isGiven = reactor !== undefined && reactor !== systemClock
  return requireRole<R>(isGiven ? reactor : ofProcess(), role, methods)
}

function ofProcess(): IReactorTime {
  if (getGlobalReactor() === undefined) setGlobalReactor(new NodeReactor())
  return getGlobalReactor()!
}

function made(name: string): IReactorTime {
  const make = kinds.get(name)
  if (make === undefined) throw new NoSuchReactorError(name, Array.from(kinds.keys()))
  return make()
}
