/** For `{@attach}`: the answer to what has just appeared is one key away. */
export function takeFocus(element: HTMLElement): void {
  element.focus({ preventScroll: true })
}
