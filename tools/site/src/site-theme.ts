import { DefaultTheme, type NavigationElement, type ProjectReflection } from 'typedoc'

/** Of `@sennit/interfaces/time` the scope is the same for all, and the column is narrow. */
function shorter(text: string): string {
  return text.replace(/^@[^/]+\/(?=[^/]+\/)/, '')
}

/**
 * The theme of the generator with a navigation of its own: a heading for each group, below it the documents and the modules. What is in
 * a module stands on its page, and the search finds it.
 */
export class SiteTheme extends DefaultTheme {
  override buildNavigation(project: ProjectReflection): NavigationElement[] {
    const elements = new Map(
      super
        .buildNavigation(project)
        .map(({ children: _inside, text, ...element }) => [
          element.path,
          { ...element, text: shorter(text) },
        ]),
    )
    return (project.groups ?? []).map(({ title, children }) => ({
      text: title,
      children: children.flatMap((page) => elements.get(this.router.getFullUrl(page)) ?? []),
    }))
  }
}
