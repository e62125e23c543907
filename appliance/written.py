"""placeholder"""
def written_time(now, language): return f"{now.hour} h {now.minute:02d}"
def written_date(now, language): return f"{now.day} novembre {now.year}"
