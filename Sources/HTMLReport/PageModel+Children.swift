import Mustache
import Reports
import ReuseAnalysis

// What the templates ask for by name. Without it the library reflects on a value for each name (`Mirror`), which took a
// quarter of the time of a run that made a page of a capture of 1 GB.

extension PageModel: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "policy": policy
    case "version": version
    case "style": style
    case "early": early
    case "script": script
    case "title": title
    case "facts": facts
    case "contents": contents
    case "answer": answer
    case "doubts": doubts
    case "findings": findings
    case "waterfall": waterfall
    case "sections": sections
    case "meanings": meanings
    default: nil
    }
  }
}

extension PageModel.Link: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "id": id
    case "title": title
    default: nil
    }
  }
}

extension PageModel.Legend: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "kind": kind
    case "label": label
    default: nil
    }
  }
}

extension PageModel.Figure: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "heading": heading
    case "drawing": drawing
    case "label": label
    case "caption": caption
    case "legend": legend
    case "isWide": isWide
    default: nil
    }
  }
}

extension PageModel.Answer: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "headline": headline
    case "worst": worst
    case "hasWorst": hasWorst
    case "severities": severities
    case "sentences": sentences.map(Quantity.keepingUnits)
    case "split": split
    case "tiles": tiles
    default: nil
    }
  }
}

extension PageModel.Tile: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "term": term
    case "label": label
    case "value": value
    case "note": note.map(Quantity.keepingUnits)
    default: nil
    }
  }
}

extension PageModel.Card: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "id": id
    case "finding": finding
    case "severity": severity
    case "severityLabel": severityLabel
    case "icon": icon
    case "message": Quantity.keepingUnits(message)
    case "advice": advice.map(Quantity.keepingUnits)
    case "saves": saves
    case "evidence": evidence
    case "threshold": threshold
    case "examples": examples
    case "otherExamples": otherExamples
    case "hasExamples": hasExamples
    case "isOpen": isOpen
    default: nil
    }
  }
}

extension PageModel.Named: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "name": self.name
    case "value": value
    default: nil
    }
  }
}

extension PageModel.Section: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "id": id
    case "title": title
    case "term": term
    case "isHalf": isHalf
    case "sentences": sentences.map(Quantity.keepingUnits)
    case "doubt": doubt
    case "figures": figures
    case "note": note.map(Quantity.keepingUnits)
    case "tables": tables
    case "below": below
    case "empty": empty
    default: nil
    }
  }
}

extension PageModel.Below: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "figures": figures
    case "note": note.map(Quantity.keepingUnits)
    case "tables": tables
    default: nil
    }
  }
}

extension PageModel.Meaning: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "key": key
    case "label": label
    case "definition": definition
    default: nil
    }
  }
}

extension Table: MustacheParent {
  func child(named name: String) -> Any? {
    switch name {
    case "caption": caption
    case "markup": markup
    case "note": note.map(Quantity.keepingUnits)
    case "fold": fold
    default: nil
    }
  }
}
