/// The style and the scripts of the page, as they lie in this folder.
///
/// A module of its own: the compiler takes seconds for them, and now only where one of them was changed.
package enum PageAssets {
  package static var style: String { String(decoding: PackageResources.page_css, as: UTF8.self) }
  /// A line that must run before anything is shown.
  package static let early = "document.documentElement.classList.add('js')"
  package static var script: String { String(decoding: PackageResources.page_js, as: UTF8.self) }
  package static var waterfallScript: String { String(decoding: PackageResources.waterfall_js, as: UTF8.self) }
}
