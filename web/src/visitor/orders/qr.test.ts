// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { readQr, shortCode } from './qr'

it('keeps the geometry of a filled drawing', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 49 49"><path d="M4,4H11V5H4z" fill="#000"/></svg>'
  expect(readQr(svg)).toEqual({
    viewBox: '0 0 49 49',
    shapes: [{ d: 'M4,4H11V5H4z', transform: null, stroked: false }],
  })
})

it('keeps the geometry of a stroked drawing', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 49 49"><path d="M4 4.5h7" stroke="#000" transform="scale(1)"/></svg>'
  expect(readQr(svg)?.shapes).toEqual([{ d: 'M4 4.5h7', transform: 'scale(1)', stroked: true }])
})

it('leaves out the white paper under a code', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path fill="#fff" d="M0 0h9v9H0z"/><path d="M4 4h1v1H4z"/></svg>'
  expect(readQr(svg)?.shapes.map(({ d }) => d)).toEqual(['M4 4h1v1H4z'])
})

it('takes nothing else from the document', () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="x()"><script>x()</script><path d="M0 0" onclick="x()"/></svg>'
  expect(readQr(svg)).toEqual({
    viewBox: '0 0 9 9',
    shapes: [{ d: 'M0 0', transform: null, stroked: false }],
  })
})

it('says when there is no drawing', () => {
  expect(readQr('')).toBeNull()
  expect(readQr('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')).toBeNull()
})

it('shows the first ten characters of a ticket in two groups', () => {
  expect(shortCode('a1b2c3d4e5f60718')).toBe('A1B2C-3D4E5')
})
