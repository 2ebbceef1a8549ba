"""What follows from the facts of a license review: functions without database, window, clock or files of the user."""
