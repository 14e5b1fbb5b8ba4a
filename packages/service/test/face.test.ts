import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

it('exports what it promises', () => {
  expect(Object.keys(face).toSorted()).toEqual([
    'Application',
    'DisposableService',
    'DisposedError',
    'DuplicateServiceError',
    'ListeningService',
    'MultiService',
    'Process',
    'ReactorInUseError',
    'Service',
    'ServiceMaker',
    'ServiceMakerError',
    'ServiceNameError',
    'ServiceNotListeningError',
    'ServiceOptionError',
    'ServiceParentError',
    'ServiceStartError',
    'ServiceStopError',
    'ServiceStopErrors',
    'StartTimeoutError',
    'StopTimeoutError',
    'UnknownServiceError',
    'VolatileDataService',
    'fromDisposable',
    'hooks',
  ])
})
