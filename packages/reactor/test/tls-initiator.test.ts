import { describe, expect, it } from 'vitest'
import type { TLSClientOptions } from '@sennit/interfaces'
import { TLSInitiator } from '../src/tls-initiator.ts'
import { client, trust } from './tls-kit.ts'

describe('TLSInitiator', () => {
  it.each<[what: string, tls: TLSClientOptions, host: string | undefined]>([
    ['a host', {}, 'a.example'],
    ['a name', { ...trust, servername: 'a.example' }, undefined],
    ['no name, when nothing is checked', { rejectUnauthorized: false }, undefined],
    ['a certificate', { ...trust, ...client }, '127.0.0.1'],
  ])('takes %s', (_what, tls, host) => {
    expect(new TLSInitiator('connect', tls, host)).toBeInstanceOf(TLSInitiator)
  })

  it.each<[option: string, tls: TLSClientOptions, host: string | undefined]>([
    ['servername', trust, undefined],
    ['servername', { servername: '' }, 'a.example'],
    ['servername', { servername: '.' }, 'a.example'],
    ['servername', trust, '\u3002'],
    ['ca', { ca: 'garbage' }, 'a.example'],
    ['ALPNProtocols', { ALPNProtocols: ['x'.repeat(256)] }, 'a.example'],
  ])('refuses a wrong %s', (option, tls, host) => {
    expect(() => new TLSInitiator('connect', tls, host)).toThrow(
      expect.objectContaining({ name: 'TLSOptionsError', code: 'ERR_SENNIT_TLS_OPTIONS', option }),
    )
  })
})
