// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { FirstAnswers } from './first_answers'

function page(text: string): Document {
  const written = document.implementation.createHTMLDocument()
  written.body.innerHTML = `<script type="application/json" id="first-answers" data-language="de">${text}</script>`
  return written
}

function asking(path: string, language: string): Request {
  return new Request(`https://ve.example${path}`, { headers: { 'Accept-Language': language } })
}

it('gives what the page brought along once, and asks afterwards', async () => {
  const asked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('asked'))
  const first = new FirstAnswers(page('{"/api/v1/sites/dai-noi":{"name":"Đại Nội"}}'))

  expect(await (await first.fetch(asking('/api/v1/sites/dai-noi', 'de'))).json()).toEqual({
    name: 'Đại Nội',
  })
  expect(asked).not.toHaveBeenCalled()
  expect(await (await first.fetch(asking('/api/v1/sites/dai-noi', 'de'))).text()).toBe('asked')
})

it('gives nothing in another language, to another question, or from a broken page', async () => {
  const asked = vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(() => Promise.resolve(new Response('asked')))
  const first = new FirstAnswers(page('{"/api/v1/sites/dai-noi":{}}'))
  const broken = new FirstAnswers(page('{'))

  for (const answer of [
    first.fetch(asking('/api/v1/sites/dai-noi', 'ja')),
    first.fetch(asking('/api/v1/sites/dai-noi?x=1', 'de')),
    broken.fetch(asking('/api/v1/sites/dai-noi', 'de')),
  ])
    expect(await (await answer).text()).toBe('asked')
  expect(asked).toHaveBeenCalledTimes(3)
})
