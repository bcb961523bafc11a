"""What the rules say, as the templates of findings take it."""


def in_words(findings) -> list[dict]:
    return [
        {
            "severity": finding.severity,
            "message": finding.text,
            "what_to_do": finding.advice_text,
            "code": finding.code,
            "source": finding.source_text,
        }
        for finding in findings
    ]
