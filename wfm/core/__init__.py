"""What every step speaks: values, columns, intervals, calendars, people, work, errors."""
