// Spots in the picture and numbers in the list under it are two views of the same fields.
(() => {
  const place = document.getElementById('hotspot-picture')
  if (!place) return
  const STEP = 1
  const LEAP = 10
  let chosen = null

  const rounded = (value) => Math.round(value * 10) / 10
  const around = (yaw) => ((((yaw + 180) % 360) + 360) % 360) - 180
  const upright = (pitch) => Math.max(-90, Math.min(90, pitch))

  // A row of the list: `hotspots-3-yaw` and `hotspots-3-pitch`.
  const rows = () =>
    [...document.querySelectorAll('input[name$="-yaw"]')].filter((field) =>
      /^hotspots-\d+-yaw$/.test(field.name),
    )
  const pitchOf = (yaw) => document.querySelector(`[name="${yaw.name.replace('yaw', 'pitch')}"]`)

  const draw = () => {
    place.querySelectorAll('button').forEach((spot) => spot.remove())
    rows().forEach((yaw, number) => {
      const pitch = pitchOf(yaw)
      const spot = document.createElement('button')
      spot.type = 'button'
      spot.textContent = String(number + 1)
      spot.setAttribute('aria-label', `${place.dataset.spot} ${number + 1}`)
      spot.setAttribute('aria-pressed', String(chosen === yaw.name))
      const stand = () => {
        spot.style.left = `${((Number(yaw.value || 0) + 180) / 360) * 100}%`
        spot.style.top = `${((90 - Number(pitch.value || 0)) / 180) * 100}%`
      }
      const move = (toYaw, toPitch) => {
        yaw.value = rounded(around(toYaw))
        pitch.value = rounded(upright(toPitch))
        yaw.dispatchEvent(new Event('change', { bubbles: true }))
        stand()
      }
      spot.addEventListener('focus', () => choose(yaw.name))
      spot.addEventListener('keydown', (event) => {
        const step = event.shiftKey ? LEAP : STEP
        const ways = {
          ArrowLeft: [-step, 0],
          ArrowRight: [step, 0],
          ArrowUp: [0, step],
          ArrowDown: [0, -step],
        }
        const way = ways[event.key]
        if (!way) return
        event.preventDefault()
        move(Number(yaw.value || 0) + way[0], Number(pitch.value || 0) + way[1])
      })
      spot.addEventListener('pointerdown', (event) => spot.setPointerCapture(event.pointerId))
      spot.addEventListener('pointermove', (event) => {
        if (spot.hasPointerCapture(event.pointerId)) move(...pointed(event))
      })
      for (const field of [yaw, pitch]) field.addEventListener('input', stand)
      spot.moveTo = move
      stand()
      place.append(spot)
    })
  }

  const choose = (name) => {
    chosen = name
    const names = rows().map((yaw) => yaw.name)
    place.querySelectorAll('button').forEach((spot, number) => {
      spot.setAttribute('aria-pressed', String(names[number] === chosen))
    })
  }

  const pointed = (event) => {
    const box = place.getBoundingClientRect()
    return [
      ((event.clientX - box.left) / box.width) * 360 - 180,
      90 - ((event.clientY - box.top) / box.height) * 180,
    ]
  }

  // A new row of the list, as its own button makes one.
  const another = () => {
    const before = rows().length
    document.querySelector('#hotspots-group .add-row a, #hotspots-group .add-row')?.click()
    if (rows().length > before) choose(rows().at(-1).name)
  }

  place.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    document.activeElement.blur()
    choose(null)
  })
  place.addEventListener('click', (event) => {
    if (event.target.tagName === 'BUTTON') return
    const where = pointed(event)
    if (chosen === null) another()
    const number = rows().findIndex((yaw) => yaw.name === chosen)
    place.querySelectorAll('button')[number]?.moveTo(...where)
  })
  // Django says so when a row is added to the list.
  document.addEventListener('formset:added', draw)
  document.addEventListener('formset:removed', draw)
  draw()
})()
