const MEGABYTE = 1_000_000

/** "3.2 MB", "40 kB": as much as somebody needs to decide whether to wait for the hotel. */
export function sizeInWords(bytes: number, language: string): string {
  const small = bytes < MEGABYTE / 10
  const unit = bytes >= 1000 * MEGABYTE ? 'gigabyte' : small ? 'kilobyte' : 'megabyte'
  const value = bytes / { kilobyte: 1000, megabyte: MEGABYTE, gigabyte: 1000 * MEGABYTE }[unit]
  const maximumFractionDigits = small ? 0 : 1
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits }).format(
    // Nothing that has to travel is "0 kB".
    small && bytes > 0 ? Math.max(value, 1) : value,
  )
}
