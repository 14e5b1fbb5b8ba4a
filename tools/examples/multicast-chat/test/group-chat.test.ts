import { Application } from '@sennit/service'
import { MemoryWorld } from '@sennit/testing'
import { expect, it } from 'vitest'
import { GroupChat } from '../src/group-chat.ts'

it('lets everybody in the group hear everybody else, until they leave it', async () => {
  const world = new MemoryWorld({ seed: 1 })
  const heard: string[] = []
  const members = ['anna', 'bert', 'carl\t'].map((name) => {
    const chat = new GroupChat(
      { name, group: '239.255.70.70', port: 7070, interface: '127.0.0.1' },
      (saying) => heard.push(`${name.trim()} hears ${saying.name}: ${saying.text}`),
    )
    const application = new Application(name.trim(), {}, [chat])
    application.reactor = world
    return { chat, application }
  })
  const [anna, bert, carl] = members
  for (const { application } of members) await world.run(application.startService())
  anna!.chat.say('hello')
  await world.advance('1s')
  expect(heard.splice(0).toSorted()).toEqual(['bert hears anna: hello', 'carl hears anna: hello'])
  carl!.chat.say('hi')
  await world.advance('1s')
  expect(heard.splice(0).toSorted()).toEqual(['anna hears carl: hi', 'bert hears carl: hi'])
  await world.run(carl!.application.stopService())
  bert!.chat.say('who is left?')
  world.send('udp:239.255.70.70:7070', 'not a saying')
  await world.advance('1s')
  expect(heard).toEqual(['anna hears bert: who is left?'])
  await world.run(anna!.application.stopService())
  await world.run(bert!.application.stopService())
  world.assertQuiet()
})
