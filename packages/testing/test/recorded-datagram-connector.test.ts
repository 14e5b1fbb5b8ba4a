import { expect, it } from 'vitest'
import { UNIXAddress } from '@sennit/protocol'
import { RecordedDatagramConnector } from '../src/index.ts'

it('TE-07 RecordedDatagramConnector says where it leads, and records that it was disconnected', async () => {
  const destination = new UNIXAddress('/run/a')
  const connector = new RecordedDatagramConnector(destination)
  expect(connector.getDestination()).toBe(destination)
  expect(connector.disconnected).toBe(false)
  await connector.disconnect()
  expect(connector.disconnected).toBe(true)
})
