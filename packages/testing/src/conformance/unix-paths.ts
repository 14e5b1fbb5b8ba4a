/**
 * What every reactor does with the paths of UNIX sockets.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IPathAddress, UNIXConnectOptions, UNIXListenOptions } from '@sennit/interfaces'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { streamCase } from './stream-case.ts'
import { ClientKeeper, codeOf, Keeper, type Scene, Story, type StreamSuite } from './stream-scene.ts'
import type { CarriedByUNIX } from './unix.ts'

type UNIXScene = Scene<CarriedByUNIX>

const newClient = () => new ClientKeeper(() => new AccumulatingProtocol())
const newServer = () => new Keeper(() => new AccumulatingProtocol())

/** Listens at a path. */
function listenAt(scene: UNIXScene, path: string, options: UNIXListenOptions = {}, handler = newServer()) {
  return scene.keep(scene.made.reactor.listenUNIX(path, handler, { context: { log: scene.log }, ...options }))
}

/** Whether one can connect to a path; the error when not. */
async function connecting(
  scene: UNIXScene,
  path: string,
  options: UNIXConnectOptions = {},
): Promise<(Error & { code?: string }) | 'connected'> {
  const client = newClient()
  const connector = scene.made.reactor.connectUNIX(path, client, options)
  await scene.made.until(() => client.built[0]?.made === true || client.failure !== undefined)
  connector.disconnect()
  return client.failure ?? 'connected'
}

/** The part of the suite for UNIX sockets that is about paths. */
export function unixPathConformance(suite: StreamSuite<CarriedByUNIX>): void {
  const { kit, role } = suite
  const it = streamCase(suite)

  kit.describe(`${role}: the path of a port`, () => {
    it('PR-26 RX-28 is its address, and that of its connections', async (scene) => {
      const path = scene.made.path()
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      const port = await listenAt(scene, path, {}, new Keeper(() => server))
      scene.connect(port, new ClientKeeper(() => client))
      await scene.made.until(() => client.made && server.made)
      const at = (address: object) => `${(address as IPathAddress).type} ${(address as IPathAddress).path}`
      assert.equal(at(port.getHost()), `UNIX ${path}`)
      assert.equal(at(server.transport.getHost()), `UNIX ${path}`)
      assert.equal(at(client.transport.getPeer()), `UNIX ${path}`)
      assert.equal(at(server.transport.getPeer()), 'UNIX ')
      assert.equal(at(client.transport.getHost()), 'UNIX ')
    })

    it('PR-26 RX-28 fault 18: belongs to user and group, unless it is told otherwise', async (scene) => {
      const [usual, other] = [scene.made.path(), scene.made.path()]
      await listenAt(scene, usual)
      await listenAt(scene, other, { mode: 0o602 })
      assert.equal(scene.made.modeOf(usual), 0o660)
      assert.equal(scene.made.modeOf(other), 0o602)
    })

    it('PR-26 LG-15 is free when the port is stopped', async (scene) => {
      const path = scene.made.path()
      const port = await listenAt(scene, path)
      await scene.made.run(port.stopListening())
      assert.equal(scene.made.modeOf(path), undefined)
      assert.equal(codeOf(await connecting(scene, path)), 'ENOENT')
      await listenAt(scene, path)
      assert.equal(await connecting(scene, path), 'connected')
    })

    it('PR-26 fault 14: is taken over when nobody listens there any more', async (scene) => {
      const path = scene.made.path()
      await scene.made.put(path, 'stale socket')
      assert.equal(codeOf(await connecting(scene, path)), 'ECONNREFUSED')
      await listenAt(scene, path)
      assert.equal(await connecting(scene, path), 'connected')
    })

    it('PR-22 PR-26 is not taken over while somebody listens there; the factory is not started', async (scene) => {
      const path = scene.made.path()
      const first = newServer()
      await listenAt(scene, path, {}, first)
      const story = new Story()
      await assert.rejects(listenAt(scene, path, {}, new Keeper(() => new AccumulatingProtocol(), story)), {
        name: 'CannotListenError',
        code: 'EADDRINUSE',
        port: path,
      })
      assert.deepEqual(story.events, [])
      assert.equal(await connecting(scene, path), 'connected')
      assert.notEqual(first.built.length, 0)
    })

    it('PR-26 is not taken over when a file is there that is no socket', async (scene) => {
      const path = scene.made.path()
      await scene.made.put(path, 'file')
      await assert.rejects(listenAt(scene, path), { name: 'CannotListenError', code: 'EADDRINUSE' })
      assert.notEqual(scene.made.modeOf(path), undefined)
    })

    it('PR-26 fault 15: is left alone by a port whose file is there no more', async (scene) => {
      const path = scene.made.path()
      const old = await listenAt(scene, path)
      scene.made.remove(path)
      await listenAt(scene, path)
      await scene.made.run(old.stopListening())
      assert.equal(await connecting(scene, path), 'connected')
    })

    it('PR-26 fault 15: is left alone by a port that stopped before another took it', async (scene) => {
      const path = scene.made.path()
      const server = new AccumulatingProtocol()
      const old = await listenAt(scene, path, { drainTimeout: 0.2 }, new Keeper(() => server))
      scene.connect(old, newClient())
      await scene.made.until(() => server.made)
      const stopped = old.stopListening()
      await listenAt(scene, path)
      await scene.made.run(stopped)
      assert.equal(await connecting(scene, path), 'connected')
    })

    it('must have a folder', async (scene) => {
      const path = `${scene.made.path()}/socket`
      await assert.rejects(listenAt(scene, path), { name: 'CannotListenError', code: 'ENOENT', port: path })
      assert.equal(codeOf(await connecting(scene, path)), 'ENOENT')
    })

    it('PR-28 fault 16: fault 17: is no abstract name, has no NUL byte, and is not too long', async (scene) => {
      const path = scene.made.path()
      const wrong = [
        '',
        '\0name',
        `${path}\0`,
        path.padEnd(108, 'x'),
        `${path}/${'é'.repeat(54)}`,
        undefined,
        80,
      ]
      for (const each of wrong as readonly string[]) {
        await assert.rejects(listenAt(scene, each), { code: 'ERR_SENNIT_REACTOR_OPTION', option: 'path' })
        assert.throws(() => scene.made.reactor.connectUNIX(each, newClient()), {
          code: 'ERR_SENNIT_REACTOR_OPTION',
          option: 'path',
        })
      }
      const longest = path.padEnd(107, 'x')
      await listenAt(scene, longest)
      assert.equal(await connecting(scene, longest), 'connected')
      assert.equal(codeOf(await connecting(scene, path.padEnd(106, 'x'))), 'ENOENT')
    })

    it('must have a mode', async (scene) => {
      for (const mode of [-1, 0o1000, 1.5, '0660']) {
        await assert.rejects(listenAt(scene, scene.made.path(), { mode: mode as number }), {
          code: 'ERR_SENNIT_REACTOR_OPTION',
          option: 'mode',
        })
      }
    })
  })

  kit.describe(`${role}: the lock on a path`, () => {
    it('PR-26 RX-28 is held by a port that wants it, until it stops', async (scene) => {
      const path = scene.made.path()
      const port = await listenAt(scene, path, { wantPID: true })
      assert.notEqual(scene.made.modeOf(`${path}.lock`), undefined)
      await assert.rejects(listenAt(scene, path, { wantPID: true }), {
        name: 'CannotListenError',
        code: 'EEXIST',
      })
      await scene.made.run(port.stopListening())
      assert.equal(scene.made.modeOf(`${path}.lock`), undefined)
      await listenAt(scene, path, { wantPID: true })
    })

    it('PR-26 is broken when its process is gone, and the old file is taken over', async (scene) => {
      const path = scene.made.path()
      await scene.made.put(`${path}.lock`, { lockOf: 'nobody' })
      await scene.made.put(path, 'stale socket')
      await listenAt(scene, path, { wantPID: true })
      assert.equal(await connecting(scene, path, { checkPID: true }), 'connected')
    })

    it('PR-26 keeps others out while its process lives, and is not taken from it', async (scene) => {
      const path = scene.made.path()
      await scene.made.put(`${path}.lock`, { lockOf: 'somebody' })
      await assert.rejects(listenAt(scene, path, { wantPID: true }), {
        name: 'CannotListenError',
        code: 'EEXIST',
      })
      assert.equal(scene.made.modeOf(path), undefined)
      assert.notEqual(scene.made.modeOf(`${path}.lock`), undefined)
    })

    it('PR-26 is given back when the path is taken', async (scene) => {
      const path = scene.made.path()
      await listenAt(scene, path)
      await assert.rejects(listenAt(scene, path, { wantPID: true }), { code: 'EADDRINUSE' })
      assert.equal(scene.made.modeOf(`${path}.lock`), undefined)
    })

    it('PR-27 RX-28 must be held for a client that checks it', async (scene) => {
      const [plain, locked] = [scene.made.path(), scene.made.path()]
      await listenAt(scene, plain)
      await listenAt(scene, locked, { wantPID: true })
      const failure = (await connecting(scene, plain, { checkPID: true })) as Error
      assert.equal(failure.name, 'BadFileError')
      assert.equal(await connecting(scene, locked, { checkPID: true }), 'connected')
      await scene.made.put(`${plain}.lock`, { lockOf: 'nobody' })
      assert.equal(((await connecting(scene, plain, { checkPID: true })) as Error).name, 'BadFileError')
    })
  })

  kit.describe(`${role}: a path that is no socket`, () => {
    it('ER-02 is a BadFileError', async (scene) => {
      const path = scene.made.path()
      const missing = (await connecting(scene, path)) as Error
      assert.deepEqual([missing.name, codeOf(missing)], ['BadFileError', 'ENOENT'])
      await scene.made.put(path, 'stale socket')
      const stale = (await connecting(scene, path)) as Error
      assert.deepEqual([stale.name, codeOf(stale)], ['ConnectionRefusedError', 'ECONNREFUSED'])
    })
  })
}
